package dev.gatewright.room;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.gatewright.room.provider.daily.DailyStub;
import dev.gatewright.room.provider.livekit.LivekitStub;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.TestStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Canaries: credentials that must appear nowhere but at their provider.
class RoomSecrecyTest {
  private static final List<String> CANARIES =
      List.of(DailyStub.KEY, LivekitStub.SECRET, LivekitStub.KEY, "rtmp-canary-key");

  @Test
  void a_provider_s_credential_appears_in_no_answer_log_or_file() throws IOException {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    // Ours at its most talkative; libraries stay at WARN, as `Logging` holds them in the product.
    Logger ours = (Logger) LoggerFactory.getLogger("dev.gatewright");
    Level level = ours.getLevel();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    ours.setLevel(Level.DEBUG);
    List<String> texts = new ArrayList<>();
    try (TestStore store = TestStore.fresh(Database.Kind.SQLITE)) {
      try (RoomWorld world = new RoomWorld(store.database())) {
        calls(world, world.key(), texts);
      }
      try (Stream<Path> files = Files.walk(store.config().dataFolder())) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    } finally {
      root.detachAppender(log);
      ours.setLevel(level);
    }
    for (ILoggingEvent event : List.copyOf(log.list)) {
      texts.add(
          event.getFormattedMessage()
              + (event.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(event.getThrowableProxy())));
    }
    assertThat(texts).hasSizeGreaterThan(10);
    for (String text : texts) {
      assertThat(text).doesNotContain(CANARIES);
    }
  }

  private static void calls(RoomWorld world, String key, List<String> texts) {
    String[] keyed = {"authorization", "Bearer " + key};
    String stream =
        "{'profile':'live_stream','name':'a','overrides':{'capabilities':{'rtmp_url':"
            + "'rtmp://live.example/app/rtmp-canary-key'}}}";
    texts.add(world.daily("POST", "/v1/rooms", stream, keyed).text());
    texts.add(world.daily("GET", "/v1/rooms/a", null, keyed).text());
    texts.add(world.daily("GET", "/api/rooms/get/a", null, keyed).text());
    // Refusals in which the provider repeats what it was sent.
    world.daily.next(DailyStub.error(401, "authentication-error", "key " + DailyStub.KEY));
    texts.add(world.daily("GET", "/v1/rooms/a", null).text());
    world.daily.next(DailyStub.error(400, "invalid-request-error", "key " + DailyStub.KEY));
    texts.add(world.daily("POST", "/v1/rooms", "{}").text());
    world.daily.next(
        DailyStub.error(400, "invalid-request-error", "rtmp://live.example/app/rtmp-canary-key"));
    texts.add(world.daily("POST", "/v1/rooms", "{}").text());
    world.daily.next(500, "not JSON: " + DailyStub.KEY);
    texts.add(world.daily("GET", "/v1/rooms/a", null).text());
    texts.add(world.livekit("POST", "/v1/rooms", "{'name':'b'}", key).text());
    world.livekit.next(LivekitStub.error(401, "unauthenticated", "eyJhbGciOi." + LivekitStub.KEY));
    texts.add(world.livekit("GET", "/v1/rooms/b", null, key).text());
    world.livekit.next(LivekitStub.error(400, "invalid_argument", LivekitStub.SECRET));
    texts.add(world.livekit("GET", "/v1/rooms/b", null, key).text());
    texts.add(
        world.call("POST", "/v1/rooms", "{", "x-provider-auth", "Bearer " + DailyStub.KEY).text());
    texts.add(
        world
            .call(
                "POST",
                "/v1/rooms",
                "{}",
                "x-provider",
                "livekit",
                "x-provider-auth",
                "Bearer " + LivekitStub.SECRET)
            .text());
  }
}
