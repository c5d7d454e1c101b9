import { optionalText, text, url } from './parsers.ts'
import { setting } from './table.ts'

/** Signing in to Entra ID without a password; the platform of the cloud sets these. */
export const entraSettings = {
  tenantId: setting({
    names: ['AZURE_TENANT_ID'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Tenant (workload identity)',
  }),
  clientId: setting({
    names: ['AZURE_CLIENT_ID'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Which workload or user-assigned managed identity to use',
  }),
  federatedTokenFile: setting({
    names: ['AZURE_FEDERATED_TOKEN_FILE'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Token file of a workload identity',
  }),
  authorityHost: setting({
    names: ['AZURE_AUTHORITY_HOST'],
    schema: url(),
    fallback: 'https://login.microsoftonline.com/',
    doc: 'Sign-in service',
  }),
  identityEndpoint: setting({
    names: ['IDENTITY_ENDPOINT'],
    schema: url().optional(),
    fallback: undefined as string | undefined,
    doc: 'Managed identity endpoint of app and container services',
  }),
  identityHeader: setting({
    names: ['IDENTITY_HEADER'],
    schema: text().optional(),
    fallback: undefined as string | undefined,
    doc: 'Secret of that endpoint',
    secret: true,
  }),
}
