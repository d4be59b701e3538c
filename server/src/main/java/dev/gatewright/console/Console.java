package dev.gatewright.console;

import dev.gatewright.edge.EdgeReply;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.edge.head.AcceptEncoding;
import dev.gatewright.edge.site.SiteBrand;
import dev.gatewright.edge.site.SiteConfig;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/console/*`: every address of a view is the same page, which draws what the address says; the
/// rest are its files. They hold nothing of this installation, so anybody may have them. Read when
/// they are first asked for, then answered from memory. On the exchanges' event loops.
public final class Console {
  private static final Logger LOG = LoggerFactory.getLogger(Console.class);
  private static final String PREFIX = "/console/";
  private static final String PAGE = "index.html";
  private static final Pattern LOOPBACK =
      Pattern.compile("(127\\.0\\.0\\.1|\\[::1\\])(|:[0-9]{1,5})");

  /// Our own files alone; the page is in no frame and sends no form elsewhere. What a page fetches
  /// it fetches here; sounds and pictures it makes itself are `blob:`.
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
          + " media-src blob:; connect-src 'self'; worker-src 'self'; base-uri 'none';"
          + " form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

  private static final byte[] ABSENT =
      """
      <!doctype html><html lang="en"><meta charset="utf-8"><title>Gatewright</title>
      <h1>The console is not in this build</h1>
      <p>It was built on a machine without Node.js and npm (expected: Node 20.19 or newer). Install
      them, remove server/target/gatewright.jar and start again; all else works without it: see
      <code>gatewright --help</code> and <a href="/docs">/docs</a>.</p></html>
      """
          .getBytes(StandardCharsets.UTF_8);

  private final Supplier<ConsoleFiles> reads;
  private volatile @Nullable CompletableFuture<ConsoleFiles> files;

  public Console() {
    this(ConsoleFiles::read);
  }

  Console(Supplier<ConsoleFiles> reads) {
    this.reads = reads;
  }

  public void mount(RouteTable.Builder table) {
    table.get("/console", exchange -> lead(exchange, PREFIX));
    table.get("/console/site-logo", Console::logo);
    table.get("/console/*", this::answer);
    // A link in an error or a terminal, whatever it names.
    table.get(
        "/go/{id}",
        exchange ->
            lead(exchange, PREFIX + "go/" + exchange.request().path().substring("/go/".length())));
  }

  /// A picture of whoever runs this site: drawn by pages, no page itself, whatever is in it.
  private static void logo(Exchange exchange) {
    SiteConfig site = exchange.request().site();
    SiteBrand.Logo logo = site == null ? null : site.brand().logo();
    if (logo == null) {
      EdgeReply.refuse(exchange, Refusal.notFound("This site has no logo."));
      return;
    }
    HttpHeaders headers =
        EdgeReply.newHeaders()
            .set("content-type", logo.type())
            .set("cache-control", "max-age=300")
            .set(
                "content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
            .set("x-content-type-options", "nosniff")
            .set("cross-origin-resource-policy", "same-origin")
            .set("referrer-policy", "no-referrer");
    exchange.reply(200, headers, Unpooled.wrappedBuffer(logo.bytes()));
  }

  /// Sends a browser to another address of ours.
  public static void lead(Exchange exchange, String to) {
    HttpHeaders headers =
        EdgeReply.newHeaders().set("location", to).set("cache-control", "no-store");
    exchange.reply(302, headers, Unpooled.EMPTY_BUFFER);
  }

  /// Whether a person's browser asks, and for a page.
  public static boolean wantsPage(RequestHead request) {
    String accept = request.headers().get("accept");
    return accept != null && accept.contains("text/html");
  }

  private void answer(Exchange exchange) {
    String better = localhost(exchange.request());
    if (better != null) {
      lead(exchange, better);
      return;
    }
    CompletableFuture<ConsoleFiles> found = files();
    if (found.isDone()) {
      answer(exchange, found);
    } else {
      found.whenComplete((_, _) -> exchange.eventLoop().execute(() -> answer(exchange, found)));
    }
  }

  /// Where the same page is at `localhost`, when it was opened by the loopback address: browsers
  /// keep passkeys for names alone, and a session begun at the one is none at the other. Null for
  /// any other request, and where the address is a site of its own.
  private static @Nullable String localhost(RequestHead request) {
    Matcher host = LOOPBACK.matcher(request.host());
    boolean page = wantsPage(request) && !request.path().startsWith(PREFIX + "assets/");
    return page && request.site() == null && request.scheme().equals("http") && host.matches()
        ? "http://localhost" + host.group(2) + request.pathAndQuery()
        : null;
  }

  private CompletableFuture<ConsoleFiles> files() {
    CompletableFuture<ConsoleFiles> found = files;
    if (found != null) {
      return found;
    }
    synchronized (this) {
      found = files;
      if (found == null) {
        CompletableFuture<ConsoleFiles> reading = new CompletableFuture<>();
        Thread.ofVirtual().name("console-files").start(() -> read(reading));
        files = found = reading;
      }
      return found;
    }
  }

  private void read(CompletableFuture<ConsoleFiles> reading) {
    try {
      reading.complete(reads.get());
    } catch (RuntimeException broken) {
      LOG.error("the console's files cannot be read", broken);
      reading.completeExceptionally(broken);
    }
  }

  private static void answer(Exchange exchange, CompletableFuture<ConsoleFiles> read) {
    if (exchange.ended()) {
      return;
    }
    if (read.isCompletedExceptionally()) {
      EdgeReply.refuse(
          exchange,
          Refusal.of(500, "api_error", "internal_error", "The console's files cannot be read."));
      return;
    }
    ConsoleFiles files = read.join();
    RequestHead request = exchange.request();
    String name = request.path().substring(PREFIX.length());
    ConsoleFiles.Entry named = files.find(name);
    if (files.missing()) {
      send(
          exchange,
          new ConsoleFiles.Entry("text/html; charset=utf-8", ABSENT, ABSENT, ABSENT),
          "no-store",
          null);
    } else if (named != null && !name.equals(PAGE)) {
      // Names hold a hash of what is in them.
      boolean hashed = name.startsWith("assets/");
      compressed(exchange, named, hashed ? "public, max-age=31536000, immutable" : "no-cache");
    } else if (name.startsWith("assets/")) {
      EdgeReply.refuse(exchange, Refusal.notFound("The console has no such file."));
    } else {
      ConsoleFiles.Entry page = files.find(PAGE);
      if (page == null) {
        throw new IllegalStateException("the console has no " + PAGE);
      }
      compressed(exchange, page, "no-store");
    }
  }

  private static void compressed(Exchange exchange, ConsoleFiles.Entry file, String cache) {
    List<String> takes = exchange.request().headers().getAll("accept-encoding");
    String coding =
        AcceptEncoding.takes(takes, "br")
            ? "br"
            : AcceptEncoding.takes(takes, "gzip") ? "gzip" : null;
    send(exchange, file, cache, coding);
  }

  private static void send(
      Exchange exchange, ConsoleFiles.Entry file, String cache, @Nullable String coding) {
    HttpHeaders headers =
        EdgeReply.newHeaders()
            .set("content-type", file.type())
            .set("cache-control", cache)
            .set("vary", "accept-encoding")
            .set("content-security-policy", POLICY)
            .set("x-content-type-options", "nosniff")
            .set("referrer-policy", "no-referrer");
    if (coding != null) {
      headers.set("content-encoding", coding);
    }
    exchange.reply(200, headers, Unpooled.wrappedBuffer(file.bytes(coding)));
  }
}
