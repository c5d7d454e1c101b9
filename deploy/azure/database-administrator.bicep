// The name of an administrator is the id of its identity, which is known only after that was made: hence a file of its own.
param server string
param principalId string
param principalName string

resource database 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' existing = { name: server }

resource administrator 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2024-08-01' = {
  parent: database
  name: principalId
  properties: { principalName: principalName, principalType: 'ServicePrincipal', tenantId: tenant().tenantId }
}
