package dev.gatewright.edge.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.testbed.TestCertificate;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsDoorTest {
  @TempDir Path folder;

  private TlsConfig files() {
    return new TlsConfig(folder.resolve("server.crt"), folder.resolve("server.key"));
  }

  /// The certificate a client that trusts `expected` alone is shown; fails when it is another.
  private static boolean shakes(TlsDoor door, TestCertificate expected) throws Exception {
    SslHandler client =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .trustManager(expected.certificate())
            .endpointIdentificationAlgorithm(null)
            .build()
            .newHandler(ByteBufAllocator.DEFAULT);
    SslHandler server = door.handler(ByteBufAllocator.DEFAULT, Duration.ofSeconds(5), true);
    EmbeddedChannel there = new EmbeddedChannel(server);
    EmbeddedChannel here = new EmbeddedChannel(client);
    try {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (!client.handshakeFuture().isDone() && System.nanoTime() < until) {
        pass(here, there);
        pass(there, here);
        here.runPendingTasks();
        there.runPendingTasks();
      }
      return client.handshakeFuture().isSuccess();
    } finally {
      here.close();
      there.close();
      here.releaseOutbound();
      there.releaseOutbound();
    }
  }

  private static void pass(EmbeddedChannel from, EmbeddedChannel to) {
    for (Object part = from.readOutbound(); part != null; part = from.readOutbound()) {
      try {
        to.writeInbound(part);
      } catch (RuntimeException refused) {
        // What a side that does not like the certificate says; the futures tell.
        assertThat(refused).isNotNull();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SslProvider.class,
      names = {"JDK", "OPENSSL"})
  void shakes_hands_by_either_library(SslProvider provider) throws Exception {
    assertThat(OpenSsl.isAvailable()).isTrue();
    TestCertificate.SHARED.write(folder);
    try (TlsDoor door = TlsDoor.of(files(), true, provider)) {
      assertThat(shakes(door, TestCertificate.SHARED)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void reads_each_kind_of_key(String algorithm) {
    TestCertificate made = TestCertificate.make(algorithm).write(folder);
    ServerCertificate read = ServerCertificate.read(files());
    assertThat(read.chain()).containsExactly(made.certificate());
    assertThat(read.key()).isEqualTo(made.key());
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void reads_the_older_forms_of_a_key(String algorithm) throws Exception {
    TestCertificate made = TestCertificate.make(algorithm).write(folder);
    Process openssl =
        new ProcessBuilder(
                "openssl",
                algorithm.toLowerCase(Locale.ROOT),
                "-in",
                folder.resolve("server.key").toString(),
                "-out",
                folder.resolve("old.key").toString(),
                algorithm.equals("RSA") ? "-traditional" : "-no_public")
            .redirectErrorStream(true)
            .start();
    assertThat(openssl.waitFor()).isZero();
    assertThat(Files.readString(folder.resolve("old.key")))
        .contains("BEGIN " + algorithm + " PRIVATE KEY");
    TlsConfig old = new TlsConfig(folder.resolve("server.crt"), folder.resolve("old.key"));
    // Reading includes the proof that it signs what the certificate can check.
    assertThat(ServerCertificate.read(old).chain()).containsExactly(made.certificate());
  }

  @Test
  @SuppressWarnings("try") // its own look is stopped, so that only the test looks
  void an_edit_comes_into_force_and_a_broken_one_does_not() throws Exception {
    TestCertificate first = TestCertificate.SHARED.write(folder);
    TestCertificate second = TestCertificate.make("EC");
    List<String> heard = new ArrayList<>();
    try (TlsDoor door = TlsDoor.of(files(), true, SslProvider.JDK)) {
      door.onChange(certificate -> heard.add(certificate.fingerprint()));
      assertThat(door.look()).isFalse();

      // Half of an edit: the certificate is there, its key is not yet.
      Files.writeString(folder.resolve("server.crt"), second.certificatePem());
      assertThat(door.look()).isFalse();
      assertThat(door.problem()).as("not yet worth a word").isNull();
      assertThat(door.look()).isFalse();
      assertThat(door.problem()).contains("server.key").contains("not the key of the certificate");
      assertThat(shakes(door, first)).isTrue();

      Files.writeString(folder.resolve("server.key"), second.keyPem());
      assertThat(door.look()).isTrue();
      assertThat(door.problem()).isNull();
      assertThat(shakes(door, second)).isTrue();
      assertThat(shakes(door, first)).isFalse();
      assertThat(heard).containsExactly(door.certificate().fingerprint());

      Files.writeString(folder.resolve("server.crt"), "nothing of that kind");
      door.look();
      door.look();
      assertThat(door.problem()).contains("server.crt").contains("BEGIN CERTIFICATE");
      Files.delete(folder.resolve("server.crt"));
      door.look();
      door.look();
      assertThat(door.problem()).contains("there is no such file");
      assertThat(shakes(door, second)).isTrue();
      second.write(folder);
      assertThat(door.look()).isFalse();
      assertThat(door.problem()).isNull();
    }
  }

  @Test
  void says_what_is_wrong_with_a_file() throws Exception {
    TestCertificate.SHARED.write(folder);
    Files.writeString(folder.resolve("server.key"), TestCertificate.SHARED.certificatePem());
    assertThatThrownBy(() -> ServerCertificate.read(files()))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining("listen.tls.key")
        .hasMessageContaining("BEGIN PRIVATE KEY");
    Files.writeString(
        folder.resolve("server.key"),
        TestCertificate.SHARED.keyPem().replace("PRIVATE", "ENCRYPTED PRIVATE"));
    assertThatThrownBy(() -> ServerCertificate.read(files())).hasMessageContaining("openssl pkey");
    Files.writeString(folder.resolve("server.key"), TestCertificate.make("RSA").keyPem());
    assertThatThrownBy(() -> ServerCertificate.read(files())).hasMessageContaining("no EC key");
    Files.write(folder.resolve("server.crt"), new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> ServerCertificate.read(files())).hasMessageContaining("1 MiB");
  }
}
