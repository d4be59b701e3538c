package dev.gatewright.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// One gate, one fake provider and one live key for all tests of a class. The provider answers in
/// the standard way again before each test.
final class GateWorld implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
  /// Starts a gate from its setup.
  interface Starter {
    Gate start(GateSetup setup) throws Exception;
  }

  private final Starter starter;
  private final BiFunction<GateSetup, FakeProvider, GateSetup> more;
  private @Nullable Path folder;
  private @Nullable FakeProvider provider;
  private @Nullable Gate gate;
  private AdminClient.@Nullable Key key;

  private GateWorld(Starter starter, BiFunction<GateSetup, FakeProvider, GateSetup> more) {
    this.starter = starter;
    this.more = more;
  }

  static GateWorld usual() {
    return with((setup, _) -> setup);
  }

  /// The usual one with additions.
  static GateWorld with(BiFunction<GateSetup, FakeProvider, GateSetup> more) {
    return new GateWorld(LocalGate::start, more);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    folder = Files.createTempDirectory("gate");
    provider = FakeProvider.start();
    gate = starter.start(more.apply(GateSetup.usual(folder, provider), provider));
    key = admin().liveKey("test");
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    provider().reset();
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    if (gate != null) {
      gate.close();
    }
    if (provider != null) {
      provider.close();
    }
    if (folder != null) {
      delete(folder);
    }
  }

  FakeProvider provider() {
    return started(provider);
  }

  Gate gate() {
    return started(gate);
  }

  /// The text of a live key without rules.
  String key() {
    return started(key).key();
  }

  Path data() {
    return started(folder).resolve("data");
  }

  AdminClient admin() throws IOException {
    return gate().admin();
  }

  RawClient caller() throws IOException {
    return gate().caller();
  }

  /// One POST with the live key on a fresh connection, to its complete answer.
  RawClient.Answer post(String path, String body, String... headers) throws IOException {
    try (RawClient caller = caller()) {
      return caller.post(path, key(), body, headers).answer();
    }
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the world has not started");
    }
    return part;
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
