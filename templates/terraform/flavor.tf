resource "openstack_compute_flavor_v2" "flavor" {
  name      = {{ name }}
  vcpus     = {{ vcpus }}
  ram       = {{ ram }}
  disk      = {{ disk }}
  ephemeral = {{ ephemeral }}
  swap      = {{ swap }}
  # Said in any case: without it the provider makes a private one.
{% if projects.size > 0 %}
  is_public = false
{% else %}
  is_public = {{ public }}
{% endif %}
{% if rxtx_factor != 1 %}

  rx_tx_factor = {{ rxtx_factor }}
{% endif %}
{% if id %}

  flavor_id = {{ id }}
{% endif %}
{% if description != blank %}

  description = {{ description }}
{% endif %}
{% if extra_specs.size > 0 %}

  # A server keeps the copy that it was made or last resized with.
  extra_specs = {
{% assign width = 0 %}
{% for spec in extra_specs %}
{% if spec.name.size > width %}
{% assign width = spec.name.size %}
{% endif %}
{% endfor %}
{% for spec in extra_specs %}
    {{ spec.name }}{% for blank in (spec.name.size..width) %} {% endfor %}= {{ spec.value }}
{% endfor %}
  }
{% endif %}

  lifecycle {
    # Nova never changes sizes: Terraform would delete the flavor and make another one.
    prevent_destroy = {{ prevent_destroy }}
  }
}
{% if projects.size > 0 %}

{% if projects_by == "name" %}
data "openstack_identity_project_v3" "project" {
  for_each = toset({{ projects }})
  name     = each.value
}

resource "openstack_compute_flavor_access_v2" "access" {
  for_each  = data.openstack_identity_project_v3.project
  flavor_id = openstack_compute_flavor_v2.flavor.id
  tenant_id = each.value.id
}
{% else %}
resource "openstack_compute_flavor_access_v2" "access" {
  for_each  = toset({{ projects }})
  flavor_id = openstack_compute_flavor_v2.flavor.id
  tenant_id = each.value
}
{% endif %}
{% endif %}

output "flavor_id" {
  value = openstack_compute_flavor_v2.flavor.id
}
