// Troupe on Azure Container Apps without a stored password: one managed identity reads the image, the database, the models and the one signing
// key that deploy.sh makes inside the vault. What may be reached from outside is the HTTPS address of the server, nothing else.
targetScope = 'resourceGroup'

@description('Begins the names of all resources: 3 to 11 lower-case letters and digits.')
@minLength(3)
@maxLength(11)
param name string = 'troupe'
param location string = resourceGroup().location
@description('Image in the registry that this file makes, for example troupe:1. Empty on the first pass: everything but the app is made.')
param image string = ''
@description('Client id of the app registration whose tokens people bring (docs/azure.md).')
param audience string = ''
@description('A chat model that the region offers, with its version.')
param model string = 'gpt-4o'
param modelVersion string = '2024-11-20'
@description('Thousands of tokens a minute.')
param modelCapacity int = 50
param databaseSku string = 'Standard_D2ds_v5'

var unique = '${name}${uniqueString(resourceGroup().id)}'
var roles = {
  pullImages: '7f951dda-4ed3-4680-a7ca-43fe172d538d'
  useModels: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd'
  readSecrets: '4633458b-17de-408a-b874-0445c86b69e6'
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-identity'
  location: location
}

// Network: one subnet for the apps, one for the database.
resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: '${name}-network'
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/16'] }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: '10.20.0.0/23'
          delegations: [{ name: 'apps', properties: { serviceName: 'Microsoft.App/environments' } }]
          serviceEndpoints: [{ service: 'Microsoft.Storage' }]
        }
      }
      {
        name: 'database'
        properties: {
          addressPrefix: '10.20.2.0/28'
          delegations: [{ name: 'database', properties: { serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers' } }]
        }
      }
    ]
  }
  resource apps 'subnets' existing = { name: 'apps' }
  resource database 'subnets' existing = { name: 'database' }
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: '${name}.private.postgres.database.azure.com'
  location: 'global'
  resource link 'virtualNetworkLinks' = {
    name: 'network'
    location: 'global'
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
}

// Database: Entra sign-in only. The identity is its administrator, because migrations make a reading role.
resource database 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: unique
  location: location
  sku: { name: databaseSku, tier: 'GeneralPurpose' }
  properties: {
    version: '16'
    authConfig: { activeDirectoryAuth: 'Enabled', passwordAuth: 'Disabled', tenantId: tenant().tenantId }
    storage: { storageSizeGB: 64, autoGrow: 'Enabled' }
    backup: { backupRetentionDays: 14, geoRedundantBackup: 'Disabled' }
    highAvailability: { mode: 'Disabled' }
    network: { delegatedSubnetResourceId: network::database.id, privateDnsZoneArmResourceId: zone.id }
  }
  dependsOn: [zone::link]
  resource troupe 'databases' = {
    name: 'troupe'
    properties: { charset: 'UTF8', collation: 'en_US.utf8' }
  }
}
module administrator 'database-administrator.bicep' = {
  name: 'database-administrator'
  params: { server: database.name, principalId: identity.properties.principalId, principalName: identity.name }
  dependsOn: [database::troupe]
}

// Files: an NFS share that only the subnet of the apps reaches; account keys are switched off.
resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: take(unique, 24)
  location: location
  kind: 'FileStorage'
  sku: { name: 'Premium_LRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    minimumTlsVersion: 'TLS1_2'
    // NFS does not speak TLS; the share is reachable from inside the network only.
    supportsHttpsTrafficOnly: false
    networkAcls: {
      defaultAction: 'Deny'
      bypass: 'None'
      virtualNetworkRules: [{ id: network::apps.id, action: 'Allow' }]
    }
  }
  resource files 'fileServices' = {
    name: 'default'
    resource share 'shares' = {
      name: 'data'
      properties: { enabledProtocols: 'NFS', rootSquash: 'NoRootSquash', shareQuota: 100 }
    }
  }
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: take(unique, 50)
  location: location
  sku: { name: 'Basic' }
  properties: { adminUserEnabled: false, anonymousPullEnabled: false }
}

resource models 'Microsoft.CognitiveServices/accounts@2024-10-01' = {
  name: '${unique}-models'
  location: location
  kind: 'OpenAI'
  sku: { name: 'S0' }
  properties: { customSubDomainName: '${unique}-models', disableLocalAuth: true, publicNetworkAccess: 'Enabled' }
  resource chat 'deployments' = {
    name: 'chat'
    sku: { name: 'Standard', capacity: modelCapacity }
    properties: { model: { format: 'OpenAI', name: model, version: modelVersion } }
  }
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: take(unique, 24)
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
  }
}

resource mayPull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, identity.id, roles.pullImages)
  scope: registry
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.pullImages)
  }
}
resource mayAsk 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(models.id, identity.id, roles.useModels)
  scope: models
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.useModels)
  }
}
resource mayRead 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, roles.readSecrets)
  scope: vault
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.readSecrets)
  }
}

// Logs go through Azure Monitor, which needs no workspace key.
resource environment 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: '${name}-apps'
  location: location
  properties: {
    appLogsConfiguration: { destination: 'azure-monitor' }
    vnetConfiguration: { infrastructureSubnetId: network::apps.id, internal: false }
    workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
  }
  resource data 'storages' = {
    name: 'data'
    properties: {
      nfsAzureFile: {
        server: '${storage.name}.file.${az.environment().suffixes.storage}'
        shareName: '/${storage.name}/${storage::files::share.name}'
        accessMode: 'ReadWrite'
      }
    }
  }
}

var settings = [
  { name: 'ENVIRONMENT', value: 'production' }
  { name: 'HOST', value: '0.0.0.0' }
  { name: 'PORT', value: '8000' }
  { name: 'PUBLIC_URL', value: 'https://${name}.${environment.properties.defaultDomain}' }
  { name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }
  {
    name: 'DATABASE_URL'
    value: 'postgres://${identity.name}@${database.properties.fullyQualifiedDomainName}:5432/troupe?sslmode=verify-full'
  }
  { name: 'DATABASE_AUTH', value: 'entra' }
  { name: 'LLM_PROVIDER', value: 'azure' }
  { name: 'LLM_BASE_URL', value: models.properties.endpoint }
  { name: 'LLM_MODEL', value: models::chat.name }
  { name: 'MODEL_AUTH_MODE', value: 'entra' }
  { name: 'AUTH_MODE', value: 'oidc' }
  { name: 'OIDC_ISSUER', value: '${az.environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0' }
  { name: 'OIDC_AUDIENCE', value: audience }
  { name: 'SDK_PERMISSION_MODE', value: 'approveEdits' }
  { name: 'SECRET_KEY', secretRef: 'signing-key' }
]

// The server with its screens, the engine and five agents as its children, which get a token of their own at each start.
resource app 'Microsoft.App/containerApps@2026-01-01' = if (!empty(image)) {
  name: name
  location: location
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: { external: true, targetPort: 8000, transport: 'http', allowInsecure: false }
      registries: [{ server: registry.properties.loginServer, identity: identity.id }]
      secrets: [
        { name: 'signing-key', keyVaultUrl: '${vault.properties.vaultUri}secrets/signing-key', identity: identity.id }
      ]
    }
    template: {
      terminationGracePeriodSeconds: 60
      volumes: [{ name: 'data', storageName: environment::data.name, storageType: 'NfsAzureFile' }]
      initContainers: [
        {
          name: 'owner'
          image: 'mcr.microsoft.com/azurelinux/base/core:3.0'
          command: ['/bin/sh', '-c', 'chown 1000:1000 /data && chmod 0700 /data']
          resources: { cpu: json('0.25'), memory: '0.5Gi' }
          volumeMounts: [{ volumeName: 'data', mountPath: '/data' }]
        }
      ]
      containers: [
        {
          name: 'server'
          image: '${registry.properties.loginServer}/${image}'
          args: ['up', '--no-sample']
          env: settings
          resources: { cpu: json('2'), memory: '4Gi' }
          volumeMounts: [{ volumeName: 'data', mountPath: '/data' }]
          probes: [
            { type: 'Startup', httpGet: { path: '/health/live', port: 8000 }, periodSeconds: 5, failureThreshold: 30 }
            { type: 'Liveness', httpGet: { path: '/health/live', port: 8000 }, periodSeconds: 20, failureThreshold: 3 }
            { type: 'Readiness', httpGet: { path: '/health/ready', port: 8000 }, periodSeconds: 10, failureThreshold: 3 }
          ]
        }
      ]
      // One: uploads in progress and simulations belong to a process. More work: a second app with args ['worker'].
      scale: { minReplicas: 1, maxReplicas: 1 }
    }
  }
  dependsOn: [mayPull, mayAsk, mayRead, administrator]
}

output registry string = registry.name
output vault string = vault.name
output address string = 'https://${name}.${environment.properties.defaultDomain}'
