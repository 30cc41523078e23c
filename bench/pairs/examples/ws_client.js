// SPDX-License-Identifier: MIT
// The client of ws_server.js.
'use strict';
const WebSocket = require('ws');
const {listen, elements, say, checksum} = require('./lines.js');

let socket;
let began;

function connect(options) {
	socket = new WebSocket(options.address);
	socket.on('open', () => say('ready'));
	socket.on('message', (message) => {
		// A message need not begin where a number may: then its bytes are moved.
		const bytes = message.byteOffset % 8 ? Buffer.from(Uint8Array.from(message).buffer) : message;
		const array = new Float64Array(bytes.buffer, bytes.byteOffset, elements(options));
		const ended = process.hrtime.bigint();
		array.reduce((sum, value) => sum + value, 0);
		const read = process.hrtime.bigint() - ended;
		say(`sample ${ended - began} read=${read} checksum=${checksum(bytes)}`);
	});
}

listen(connect, (line) => {
	if (line !== 'next')
		process.exit();
	began = process.hrtime.bigint();
	socket.send('');
});
