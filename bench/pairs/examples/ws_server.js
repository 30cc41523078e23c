// SPDX-License-Identifier: MIT
// A WebSocket server: any message asks, one binary message is the array.
'use strict';
const {WebSocketServer} = require('ws');
const {listen, elements, say, checksum} = require('./lines.js');

const draw = (array, step) => {
	for (let i = 0; i < array.length; i += step)
		array[i] = Math.random();
};

function serve(options) {
	const array = new Float64Array(elements(options));
	const bytes = Buffer.from(array.buffer);
	const server = new WebSocketServer({host: '127.0.0.1', port: 0});
	let exchange = 0;

	if (options.clients !== '1')
		return say('error it serves one client');
	draw(array, 1);
	server.on('connection', (socket) => socket.on('message', () => {
		if (options.source === 'fresh')
			draw(array, 1);
		socket.send(bytes, () => {
			const sent = checksum(bytes);
			if (options.source === 'ready')
				draw(array, 512);
			say(`exchange ${exchange++} checksum=${sent}`);
		});
	}));
	server.on('listening', () => say(`ready ws://127.0.0.1:${server.address().port}`));
}

listen(serve, (line) => line === 'stop' && process.exit());
