#!/bin/sh
# Makes everything, builds the image in the registry, puts a random signing key into the vault if there is none, starts the app.
# Needs: az login with the right to assign roles. Usage: deploy/azure/deploy.sh <resource group> <region> <audience> [tag]
set -eu
group=${1:?resource group}
region=${2:?region, for example westeurope}
audience=${3:?client id of the app registration, see docs/azure.md}
tag=${4:-$(git rev-parse --short HEAD)}
here=$(dirname "$0")

az group create --name "$group" --location "$region" --output none
make() {
  az deployment group create --resource-group "$group" --name troupe --template-file "$here/main.bicep" \
    --parameters audience="$audience" "$@" --output none
}
read_output() { az deployment group show --resource-group "$group" --name troupe --query "properties.outputs.$1.value" --output tsv; }

make
registry=$(read_output registry)
vault=$(read_output vault)

az acr build --registry "$registry" --image "troupe:$tag" --file "$here/../Dockerfile" "$here/../.."

# The person who deploys may write into the vault for as long as this takes; the key is made here, shown to nobody and never read back.
scope=$(az keyvault show --name "$vault" --query id --output tsv)
person=$(az ad signed-in-user show --query id --output tsv)
az role assignment create --role "Key Vault Secrets Officer" --assignee-object-id "$person" --assignee-principal-type User --scope "$scope" --output none
trap 'az role assignment delete --role "Key Vault Secrets Officer" --assignee "$person" --scope "$scope" --output none' EXIT
tries=0
until az keyvault secret list --vault-name "$vault" --query "[].name" --output tsv >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || { echo "the vault does not open: wait for the role to arrive, then run this again" >&2; exit 1; }
  sleep 10
done
if ! az keyvault secret show --vault-name "$vault" --name signing-key --query id --output none 2>/dev/null; then
  az keyvault secret set --vault-name "$vault" --name signing-key --value "$(openssl rand -hex 32)" --output none
fi

make image="troupe:$tag"
echo "Troupe runs at $(read_output address)"
