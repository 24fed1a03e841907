// The lab's nodes are shared: one test at a time. Real services need real seconds.
export default {
  files: ['build/test/lab/**/*.test.js'],
  environmentVariables: {FORCE_COLOR: '0'},
  concurrency: 1,
  serial: true,
  timeout: '10m',
};
