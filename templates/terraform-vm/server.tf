resource "openstack_compute_instance_v2" "server" {
  name        = {{ name }}
  flavor_name = {{ flavor }}
  image_name  = {{ image }}

  network {
    name = {{ network }}
  }

{% if force_delete %}
  # Destroyed at once, also where the cloud has delayed delete: it cannot be restored.
{% elsif interval %}
  # Soft-deleted: it can be restored for {{ interval }} s, and keeps its ports and volumes until then.
{% else %}
  # Soft-deleted where the cloud has delayed delete: it can be restored, and keeps its ports and volumes until then.
{% endif %}
  force_delete = {{ force_delete }}
}

output "server_id" {
  value = openstack_compute_instance_v2.server.id
}
