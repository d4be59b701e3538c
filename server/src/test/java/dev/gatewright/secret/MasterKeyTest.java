package dev.gatewright.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterKeyTest {
  @TempDir Path data;

  @Test
  void creates_a_file_for_its_owner_alone_and_reads_it_back() throws IOException {
    MasterKeyFile file = new MasterKeyFile(data);
    assertThat(file.read()).isNull();
    MasterKey made = file.create();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-------");
    MasterKey read = Objects.requireNonNull(file.read());
    assertThat(read.derive("a", "HmacSHA256").getEncoded())
        .isEqualTo(made.derive("a", "HmacSHA256").getEncoded());
    assertThat(data.toFile().list()).containsExactly("master.key");
  }

  @Test
  void refuses_a_file_others_may_read() throws IOException {
    MasterKeyFile file = new MasterKeyFile(data);
    file.create();
    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(file::read)
        .isInstanceOf(UnusableMasterKey.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void derives_different_keys_for_different_labels() {
    MasterKey key = new MasterKeyFile(data).create();
    byte[] one = key.derive("one", "HmacSHA256").getEncoded();
    assertThat(one).hasSize(32).isNotEqualTo(key.derive("two", "HmacSHA256").getEncoded());
    assertThat(one).isEqualTo(key.derive("one", "HmacSHA256").getEncoded());
  }

  /// Computed independently with Python's hmac: extract with a salt of 32 zero bytes, then expand.
  @Test
  void derives_by_rfc_5869() {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * i + 7);
    }
    MasterKey key = MasterKey.of(encoded(bytes), "test");
    assertThat(HexFormat.of().formatHex(key.derive("label", "HmacSHA256").getEncoded()))
        .isEqualTo("3c110b3964a3eaef5e82cda4e5e007d29991d2b11f429020548156a1ee1f61a4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n", "change-me", "secret", "sk-1234", "ab+/", "AAAA"})
  void refuses_empty_short_and_malformed_texts(String text) {
    assertThatThrownBy(() -> MasterKey.of(Secret.of(text), "GATEWRIGHT_MASTER_KEY"))
        .isInstanceOf(UnusableMasterKey.class)
        .hasMessageStartingWith("GATEWRIGHT_MASTER_KEY ")
        .hasMessageContaining("32 random bytes");
  }

  @Test
  void refuses_samples() {
    byte[] zeros = new byte[32];
    byte[] counting = new byte[32];
    IntStream.range(0, 32).forEach(i -> counting[i] = (byte) i);
    byte[] typed = "change-me change-me change-me ch".getBytes(StandardCharsets.US_ASCII);
    for (byte[] sample : Arrays.asList(zeros, counting, typed)) {
      assertThatThrownBy(() -> MasterKey.of(encoded(sample), "test"))
          .isInstanceOf(UnusableMasterKey.class)
          .hasMessageContaining("not random");
    }
  }

  @Test
  void never_shows_itself() {
    MasterKey key = new MasterKeyFile(data).create();
    assertThat(key.toString()).isEqualTo("***");
    String wrong = "A".repeat(20) + "!" + "B".repeat(22);
    assertThatThrownBy(() -> MasterKey.of(Secret.of(wrong), "test"))
        .hasMessageNotContaining("AAA")
        .hasNoCause();
  }

  private static Secret encoded(byte[] key) {
    return Secret.of(Base64.getUrlEncoder().encodeToString(key));
  }
}
