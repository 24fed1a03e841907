/** `openstack`, with the cloud where it has a name in clouds.yaml. */
export function openstackWords(cloud: string | undefined): readonly string[] {
  return ['openstack', ...(cloud === undefined || cloud === 'envvars' ? [] : ['--os-cloud', cloud])];
}
