// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is the syntax under test
import { describe, expect, test } from 'vitest';
import { configCheckCommand } from '../../src/config/check-command.js';
import { ConfigError } from '../../src/config/errors.js';
import { loadConfig } from '../../src/config/load.js';
import { redact } from '../../src/config/redact.js';
import { load, loadText } from './support.js';

describe('secrets', () => {
  test('are in no message', () => {
    const env = { DB_PASSWORD: 'hunter2', MILLRACE_API_KEY: 'hunter2' };
    const yaml =
      'seed: "${DB_PASSWORD}"\napi_secret: hunter2\nhousekeeping_cores: ["${DB_PASSWORD}"]\n' +
      'venues: [{name: binance-spot, symbols: [A], rest_url: "https://me:hunter2@host/", auth: {token: hunter2}}]';
    expect(() => loadText('s.yaml', yaml, { env })).toThrow(ConfigError);
    try {
      loadText('s.yaml', yaml, { env });
    } catch (error) {
      const { message, problems } = error as ConfigError;
      expect(problems.length).toBe(6);
      expect(message + JSON.stringify(problems)).not.toContain('hunter2');
      expect(message).toContain('[redacted]');
    }
  });

  test('redact replaces them anywhere, and changes nothing else', () => {
    expect(redact({ a: [{ apiKey: 'x', b: 1 }], password: { c: 1 }, url: 'wss://u:p@h/x?k=v' })).toEqual({
      a: [{ apiKey: '[redacted]', b: 1 }],
      password: '[redacted]',
      url: 'wss://redacted:redacted@h/x?redacted',
    });
    const { config } = load();
    expect(redact(config)).toEqual(config);
  });
});

describe('config check', () => {
  function check(file: string | undefined, env: NodeJS.ProcessEnv, flags: readonly string[]) {
    let out = '';
    let err = '';
    const code = configCheckCommand(file, env, flags, {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    });
    return { code, out, err };
  }

  test('prints a configuration that loads to the same', () => {
    const { code, out, err } = check(undefined, { MILLRACE_SEED: '5' }, ['--gateway.host=0.0.0.0']);
    expect(code).toBe(0);
    expect(err).toContain('seed: from environment MILLRACE_SEED');
    expect(err).toContain('warning: gateway.host');
    expect(err).toContain('OK');
    const again = loadText('again.yaml', out).config;
    expect(again).toEqual(loadConfig({ env: {}, flags: ['--seed=5', '--gateway.host=0.0.0.0'] }).config);
  });

  test('prints the problems, key, value and allowed', () => {
    const { code, out, err } = check(undefined, {}, ['--gateway.port=99999']);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toBe(
      'Configuration: 1 problem\n  gateway.port = "99999"  (flag --gateway.port)\n' +
        '    allowed: an integer from 0 to 65535 (0: any free port)\n',
    );
  });
});
