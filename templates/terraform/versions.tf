terraform {
  required_version = ">= 1.0"

  required_providers {
    openstack = {
      source = "terraform-provider-openstack/openstack"
      # Flavors have a description since then.
      version = ">= 1.49.0"
    }
  }
}

provider "openstack" {
{% if cloud %}
  cloud = {{ cloud }}
{% endif %}
}
