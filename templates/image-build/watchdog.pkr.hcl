variable "source_image" {
  type        = string
  description = "Name of the image to begin with"
{% if source_image %}
  default     = {{ source_image }}
{% endif %}
}

variable "flavor" {
  type        = string
  description = "Flavor of the server that builds"
{% if flavor %}
  default     = {{ flavor }}
{% endif %}
}

source "openstack" "watchdog" {
{% if cloud %}
  cloud             = {{ cloud }}
{% endif %}
  image_name        = {{ image_name }}
  source_image_name = var.source_image
  flavor            = var.flavor
{% if networks != empty %}
  networks          = {{ networks }}
{% endif %}
  ssh_username      = {{ ssh_username }}
}

build {
  sources = ["source.openstack.watchdog"]

  provisioner "shell" {
    script          = "${path.root}/guest-half.sh"
    execute_command = "chmod +x '{% raw %}{{ .Path }}{% endraw %}' && sudo '{% raw %}{{ .Path }}{% endraw %}'"
  }
}
