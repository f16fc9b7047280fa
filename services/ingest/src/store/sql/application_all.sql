SELECT application_id, network, organization_id, simulated, version, permalink_base,
    sealed, sealed_version
FROM application
