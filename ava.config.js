export default {
  files: ['build/test/**/*.test.js', '!build/test/real/**', '!build/test/lab/**', '!build/test/bench/**'],
  environmentVariables: {FORCE_COLOR: '0'},
};
