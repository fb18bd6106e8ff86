ALTER TABLE "sync_operations" DROP CONSTRAINT "sync_operations_tenant_id_tenants_id_fk";
