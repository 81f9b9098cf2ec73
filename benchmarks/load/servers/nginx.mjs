/** nginx in front of several issuers: the machine's own, or Debian's package unpacked and not installed. */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call } from '../http.mjs';
import { awaitUp, launch } from '../launch.mjs';
import { work } from '../places.mjs';

const INSTALLED = '/usr/sbin/nginx';

function executable() {
  if (existsSync(INSTALLED)) return INSTALLED;
  const unpacked = work('nginx');
  const program = join(unpacked, 'usr', 'sbin', 'nginx');
  if (!existsSync(program)) execFileSync('sh', ['-c', 'apt-get download nginx && dpkg-deb -x nginx_*.deb .'], { cwd: unpacked, stdio: 'ignore' });
  return program;
}

/** Listens on the port and deals requests out to the others in turn, over connections that it keeps. */
export async function nginx(port, ports) {
  const directory = work('run', 'nginx');
  const configuration = join(directory, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`).join('\n  ');
  writeFileSync(
    configuration,
    `daemon off;
pid ${directory}/nginx.pid;
error_log ${directory}/error.log;
events {}
http {
  access_log off;
  ${temporary}
  keepalive_requests 1000000;
  upstream issuers {
    ${ports.map((one) => `server 127.0.0.1:${one};`).join('\n    ')}
    keepalive 64;
    keepalive_requests 1000000;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://issuers;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`,
  );
  const child = launch('nginx', executable(), ['-c', configuration]);
  await awaitUp(child, () => call(`http://127.0.0.1:${port}/`));
  return child;
}
