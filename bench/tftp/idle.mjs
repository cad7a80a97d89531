// A bare Node process, to compare memory with; it lives as long as its parent.
process.send('up');
process.on('disconnect', () => process.exit());
