process.send?.('up');
setInterval(() => {}, 1000);
