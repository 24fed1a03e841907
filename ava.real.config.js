// Tests that need installed programs: sshd, sudo, tmux, oslo.config, crudini, ansible, heat, prometheus, shellcheck.
export default {
  files: ['build/test/real/**/*.test.js'],
  environmentVariables: {FORCE_COLOR: '0'},
  concurrency: 2,
  timeout: '5m',
};
