// Sends 40 MiB again and again to a server that refuses them early; prints each status it hears.
const body = Buffer.alloc(40 * 1024 * 1024, 'x');
for (let i = 0; i < Number(process.env.TIMES); i++) {
  try {
    const answer = await fetch(process.env.URL, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${process.env.KEY}`, 'content-type': 'application/json' },
    });
    await answer.text();
    console.log(answer.status);
  } catch (error) {
    console.log(error.cause?.code ?? error.message);
  }
}
