package dev.gatewright.service.body;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.account.Tenant;
import dev.gatewright.admission.Caller;
import dev.gatewright.admission.KeyCaller;
import dev.gatewright.call.Body;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.credential.ProjectCredentials.Said;
import dev.gatewright.edge.BodyReceiver;
import dev.gatewright.edge.Exchange.Ended;
import dev.gatewright.edge.HeldBodies;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyNotes;
import dev.gatewright.key.KeyPower;
import dev.gatewright.ledger.Rung;
import dev.gatewright.policy.Rule;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.service.ServiceBodies;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.body.BodyRule.Look;
import dev.gatewright.service.config.Paid;
import dev.gatewright.service.config.ServicesConfig;
import dev.gatewright.service.form.BodySpool;
import dev.gatewright.service.preset.ServiceEndpoint;
import dev.gatewright.share.ShareLimits;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One service, its body rules, and an event loop to run them on.
public final class BodyWorld implements AutoCloseable {
  public final DefaultEventLoop loop = new DefaultEventLoop();
  public final HeldBodies budget = new HeldBodies(1 << 20);
  public final BodySpool spool;
  public final Service service;
  private final Upstreams upstreams;
  private final ServiceBodies bodies;
  private final List<Looked> looks = new ArrayList<>();

  public BodyWorld(Path folder, String yaml) throws IOException {
    String entry =
        "services: [ { id: chat, instances: [ \"http://127.0.0.1:1\" ], " + yaml + " } ]";
    ServicesConfig config = ServicesConfig.from(ConfigSources.ofText(entry).load());
    upstreams = new Upstreams(Time.system());
    service = new Service(config.services().getFirst(), upstreams, 1, ShareLimits.DEFAULT);
    spool = new BodySpool(folder.resolve("spool"));
    bodies = new ServiceBodies(budget, 256 * 1024, spool);
  }

  /// One look under way.
  public final class Looked {
    public final StubExchange exchange;
    public volatile @Nullable Look look;

    public Looked(StubExchange exchange) {
      this.exchange = exchange;
    }

    public void part(String text) {
      part(text.getBytes(StandardCharsets.UTF_8));
    }

    public void part(byte[] bytes) {
      run(() -> {
        Objects.requireNonNull(exchange.receiver).data(Unpooled.copiedBuffer(bytes));
        return true;
      });
    }

    public void end() {
      run(() -> {
        Objects.requireNonNull(exchange.receiver).end();
        return true;
      });
    }

    public Refusal refusal() {
      Await.until(() -> look != null);
      assertThat(look).isInstanceOf(Look.Refused.class);
      return ((Look.Refused) Objects.requireNonNull(look)).refusal();
    }

    public Look.Ready ready() {
      Await.until(() -> look != null);
      assertThat(look).as("%s", look).isInstanceOf(Look.Ready.class);
      return (Look.Ready) Objects.requireNonNull(look);
    }
  }

  /// What goes out of a streamed body.
  public static final class Sent implements BodyReceiver {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    public volatile boolean ended;
    public volatile @Nullable Refusal refusal;

    @Override
    public void data(ByteBuf part) {
      byte[] copy = new byte[part.readableBytes()];
      part.readBytes(copy);
      part.release();
      bytes.writeBytes(copy);
    }

    @Override
    public void end() {
      ended = true;
    }

    @Override
    public void refused(Refusal why) {
      refusal = why;
    }

    public byte[] bytes() {
      return bytes.toByteArray();
    }
  }

  public Sent send(Body body) {
    Sent sent = new Sent();
    run(() -> {
      ByteBuf whole = body.whole();
      if (whole == null) {
        body.stream(sent);
      } else {
        sent.data(whole);
        sent.end();
      }
      return true;
    });
    return sent;
  }

  public Looked look(String path, @Nullable String contentType, Caller caller) {
    Looked looked = new Looked(new StubExchange(loop, "/chat" + path));
    looks.add(looked);
    if (contentType != null) {
      looked.exchange.headers.set("content-type", contentType);
    }
    ServiceEndpoint endpoint = Objects.requireNonNull(service.allowList().find("POST", path), path);
    ServiceRequest request =
        new ServiceRequest(
            looked.exchange,
            caller,
            service,
            endpoint,
            path,
            new Paid(Rung.PLATFORM, null, Said.NOTHING));
    run(() -> {
      bodies.of(service.preset(), endpoint).look(request, found -> looked.look = found);
      return true;
    });
    return looked;
  }

  /// A JSON body in one part.
  public Looked json(String path, String body, Caller caller) {
    Looked looked = look(path, "application/json", caller);
    looked.part(body);
    looked.end();
    return looked;
  }

  public static Caller caller(Rule... rules) {
    return KeyCaller.of(key(List.of(), rules));
  }

  public static Caller manager(Rule... rules) {
    return KeyCaller.of(key(List.of("chat"), rules));
  }

  private static ApiKey key(List<String> manages, Rule... rules) {
    return new ApiKey(
        "key_1",
        new Tenant("org_1", "prj_1"),
        ApiKey.Kind.LIVE,
        "test",
        true,
        "local",
        0,
        0,
        null,
        null,
        new KeyPower(List.of(rules), manages, List.of()),
        KeyNotes.NONE,
        ApiKey.Origin.OWN,
        false);
  }

  public <T> T run(Callable<T> work) {
    try {
      return loop.submit(work).get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /// Every caller leaves, as they do at the edge when their exchange is over; nothing may stay
  /// held.
  @Override
  public void close() {
    run(() -> {
      looks.stream()
          .map(looked -> looked.exchange.onEnded)
          .filter(Objects::nonNull)
          .forEach(callback -> callback.accept(Ended.GONE));
      return true;
    });
    assertThat(budget.heldBytes()).isZero();
    spool.close();
    upstreams.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
