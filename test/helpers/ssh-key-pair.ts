import {loadSsh2} from '../../source/adapters/ssh/load-ssh2.js';

/** A pair of ed25519 keys in OpenSSH's form. One in 256 that ssh2 makes cannot be read again, by nobody. */
export function makeKeyPair(): {readonly private: string; readonly public: string} {
  const {utils} = loadSsh2();
  for (;;) {
    const pair = utils.generateKeyPairSync('ed25519');
    if (!(utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}
