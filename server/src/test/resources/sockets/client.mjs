// A caller as a browser is one: no headers, a key among the subprotocols. Says what it hears.
const [url, ...protocols] = process.argv.slice(2);
const socket = new WebSocket(url, protocols);
socket.binaryType = "arraybuffer";
socket.onopen = () => {
  console.log(`open ${socket.protocol}`);
  socket.send("grüß dich");
  socket.send(new Uint8Array(70000));
};
let left = 2;
socket.onmessage = ({ data }) => {
  console.log(typeof data === "string" ? `text ${data}` : `bytes ${data.byteLength}`);
  if (--left === 0) socket.close(4001, "enough");
};
socket.onclose = ({ code }) => console.log(`close ${code}`);
socket.onerror = () => console.log("error");
