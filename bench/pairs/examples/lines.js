// SPDX-License-Identifier: MIT
// What both ends in Node.js share: ipctop's lines, and CRC-32.
'use strict';
const readline = require('readline');
const zlib = require('zlib');

// Calls begin(options) once they are all there, then line(text) for each that follows.
exports.listen = (begin, line) => {
	const options = {};
	let begun = false;
	readline.createInterface({input: process.stdin}).on('line', (text) => {
		if (begun)
			return line(text);
		begun = text === 'begin';
		if (begun)
			return begin(options);
		const space = text.indexOf(' ');
		options[text.slice(0, space)] = text.slice(space + 1);
	});
};

exports.elements = (options) => options.shape.split('x').reduce((a, b) => a * Number(b), 1);

exports.say = (text) => process.stdout.write(text + '\n');

// At the end of what gzip writes, since Node.js 18 has no other.
exports.checksum = (bytes) => {
	const zipped = zlib.gzipSync(bytes, {level: 0});
	return zipped.readUInt32LE(zipped.length - 8).toString(16);
};
