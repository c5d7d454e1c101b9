// A loopback SMTP server: greets, takes mail, signs in with PLAIN, and refuses on demand. It offers no STARTTLS.
import net, { type AddressInfo } from 'node:net'

export type ReceivedMail = { from: string; to: string[]; data: string; user: string | undefined }
export type FakeSmtp = { port: number; mails: ReceivedMail[]; close: () => Promise<void> }

/** `refuse` answers a command line with another reply than the usual one. */
export async function startFakeSmtp(
  options: { password?: string; refuse?: (line: string) => string | undefined } = {},
): Promise<FakeSmtp> {
  const mails: ReceivedMail[] = []
  const sockets = new Set<net.Socket>()

  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    let mail: ReceivedMail = { from: '', to: [], data: '', user: undefined }
    let buffer = ''
    let inData = false
    const say = (line: string) => socket.write(`${line}\r\n`)

    const command = (line: string) => {
      const verb = line.split(/[ :]/)[0]!.toUpperCase()
      const refused = options.refuse?.(line)
      if (refused !== undefined) return say(refused)
      if (verb === 'EHLO') return say(`250-fake\r\n250-AUTH PLAIN\r\n250 8BITMIME`)
      if (verb === 'AUTH') {
        const [, user, password] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
          .toString()
          .split('\0')
        mail.user = user
        return say(password === options.password ? '235 ok' : '535 wrong credentials')
      }
      if (verb === 'MAIL') mail.from = /<(.*?)>/.exec(line)![1]!
      if (verb === 'RCPT') mail.to.push(/<(.*?)>/.exec(line)![1]!)
      if (verb === 'DATA') {
        inData = true
        return say('354 go on')
      }
      if (verb === 'STARTTLS') return say('502 not offered')
      if (verb === 'QUIT') {
        say('221 bye')
        return socket.end()
      }
      return say('250 ok')
    }

    socket.on('data', (chunk) => {
      buffer += chunk.toString()
      for (;;) {
        const end = inData ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n')
        if (end < 0) return
        const part = buffer.slice(0, end)
        buffer = buffer.slice(end + (inData ? 5 : 2))
        if (!inData) command(part)
        else {
          inData = false
          mails.push({ ...mail, data: part })
          mail = { from: '', to: [], data: '', user: mail.user }
          say('250 taken')
        }
      }
    })
    say('220 fake ESMTP')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
