package dev.gatewright.room;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.Credentials;
import dev.gatewright.admission.KeyAdmission;
import dev.gatewright.credential.TestCredentials;
import dev.gatewright.edge.Transport;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.ledger.Ledger;
import dev.gatewright.net.Cidr;
import dev.gatewright.policy.Rule;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.relay.pool.Upstreams;
import dev.gatewright.rest.Cursors;
import dev.gatewright.room.config.RoomConfig;
import dev.gatewright.room.config.RoomConfig.ProviderConfig;
import dev.gatewright.room.provider.ProviderAddress;
import dev.gatewright.room.provider.daily.DailyStub;
import dev.gatewright.room.provider.livekit.LivekitStub;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.trace.Tracing;
import dev.gatewright.web.Portal;
import dev.gatewright.web.TestPortal;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Rooms on a real database, behind the real portal, in front of stubs of Daily and LiveKit. Calls
/// come as the edge hands them over.
final class RoomWorld implements AutoCloseable {
  static final String CLIENT_ADDRESS = "192.0.2.7";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  final DailyStub daily;
  final LivekitStub livekit;
  final TestKeys keys;
  final Ledger ledger;
  private final EventLoopGroup loops = Transport.best().loops(1, "room-test");
  private final Upstreams upstreams;
  private final Fetch fetch;
  final KeyAdmission admission;
  final Credentials credentials;
  final RoomService rooms;
  private final Portal portal;

  RoomWorld(Database database) {
    this(database, Map.of());
  }

  /// @param configured the operator's own credentials, by provider; `url` of livekit is filled in
  RoomWorld(Database database, Map<String, Map<String, Secret>> configured) {
    this(database, configured, started(LivekitStub::new), started(DailyStub::new));
  }

  /// Another replica, with the same database and the same providers; null where there can be none.
  @Nullable RoomWorld replica(Database database) {
    return database.kind() == Database.Kind.POSTGRES
        ? new RoomWorld(database, Map.of(), livekit, daily)
        : null;
  }

  private static <T extends StubServer> T started(Callable<T> maker) {
    try {
      T stub = maker.call();
      stub.start();
      return stub;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private RoomWorld(
      Database database,
      Map<String, Map<String, Secret>> configured,
      LivekitStub livekit,
      DailyStub daily) {
    this.livekit = livekit;
    this.daily = daily;
    keys = new TestKeys(database);
    ledger = Ledger.start(database, keys.time);
    upstreams = new Upstreams(keys.time);
    fetch = new Fetch(upstreams, loops);
    admission = new KeyAdmission(keys.keys.directory(), keys.feed, keys.time);
    credentials = TestCredentials.over(keys);
    rooms =
        RoomService.open(
            config(configured),
            List.of(Cidr.parse("127.0.0.0/8")),
            database,
            TestKeys.master(),
            ledger.attempts(),
            admission,
            credentials.directory(),
            fetch,
            _ -> null,
            keys.time);
    portal =
        Portal.start(
            Secret.of("handoff"),
            Tracing.OFF,
            TestPortal.keysOnly(admission::admit),
            new Cursors(TestKeys.master()),
            List.of(rooms.resource()),
            List.of(),
            "1");
  }

  private RoomConfig config(Map<String, Map<String, Secret>> configured) {
    Map<String, Secret> own = new HashMap<>(configured.getOrDefault("livekit", Map.of()));
    if (!own.isEmpty()) {
      own.put("url", Secret.of(livekit.url()));
    }
    return new RoomConfig(
        Set.of("daily", "livekit", "janus"),
        Map.of(
            "daily",
            new ProviderConfig(
                ProviderAddress.parse(daily.url() + "/v1"),
                true,
                configured.getOrDefault("daily", Map.of())),
            "livekit",
            new ProviderConfig(null, true, own),
            "janus",
            new ProviderConfig(null, true, configured.getOrDefault("janus", Map.of()))),
        true);
  }

  int port() {
    return portal.port();
  }

  /// A live key's text.
  String key(Rule... rules) {
    return keys.make(ApiKey.Kind.LIVE, rules).text().expose();
  }

  /// A call with Daily's credential.
  Answer daily(String method, String path, @Nullable String body, String... headers) {
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "x-provider-auth";
    all[headers.length + 1] = "Bearer " + DailyStub.KEY;
    return call(method, path, body, all);
  }

  /// A call with LiveKit's credential and a gateway key.
  Answer livekit(String method, String path, @Nullable String body, String key) {
    return call(
        method,
        path,
        body,
        "x-provider",
        "livekit",
        "x-provider-auth",
        livekit.credential(),
        "authorization",
        "Bearer " + key);
  }

  /// @param body JSON with single quotes; null = none
  Answer call(String method, String path, @Nullable String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + portal.port() + path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(body.replace('\'', '"')))
            .header("x-gatewright-handoff-secret", "handoff")
            .header("x-gatewright-client", CLIENT_ADDRESS)
            .header("x-gatewright-request-id", "req_test");
    if (body != null) {
      request.header("content-type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return new Answer(HTTP.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// An answer and its JSON.
  record Answer(HttpResponse<String> http) {
    int status() {
      return http.statusCode();
    }

    String text() {
      return http.body();
    }

    JsonNode json() {
      JsonNode json = RoomJson.parse(http.body());
      if (json == null) {
        throw new AssertionError("no JSON: " + http.body());
      }
      return json;
    }

    /// By JSON pointer, as text.
    String at(String pointer) {
      return json().at(pointer).asText();
    }

    String header(String name) {
      return http.headers().firstValue(name).orElse("");
    }
  }

  @Override
  public void close() {
    portal.close();
    rooms.close();
    admission.close();
    upstreams.close();
    ledger.close();
    keys.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    daily.close();
    livekit.close();
  }
}
