package dev.gatewright.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.account.Actor;
import dev.gatewright.account.Tenant;
import dev.gatewright.key.TestKeys;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.EachDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The chain anyone can follow, its seal and its anchors: what each of them finds, and where.
class AuditExportTest {
  private static final Tenant ONE = new Tenant("org_1", "prj_1");
  private static final Actor WHO = Actor.of("key_1", "192.0.2.1", "req_1");

  private final AuditLog audit = new AuditLog(TestKeys.master(), Time.system());

  private void append(Database database, int times) {
    for (int i = 0; i < times; i++) {
      String subject = "key_" + i;
      database.write(handle -> {
        audit.append(handle, ONE, WHO, "test", subject, AuditLog.detail().put("name", "ä \"1\"\n"));
        return 1;
      });
    }
  }

  private List<String> export(Database database, long from, @Nullable Long to) throws IOException {
    AuditLog.Export.Ready ready =
        (AuditLog.Export.Ready) audit.export(database, ONE, WHO, from, to);
    try (var lines = ready.lines()) {
      return new String(lines.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static ExportCheck.Result check(List<String> lines, AuditAnchor... anchors)
      throws IOException {
    String text = String.join("\n", lines) + "\n";
    return ExportCheck.run(new BufferedReader(new StringReader(text)), List.of(anchors));
  }

  /// 53
  @EachDatabase
  void export_verifies_offline_without_key(Database database) throws Exception {
    append(database, 1_200);
    List<String> lines = export(database, 1, null);
    assertThat(lines).hasSize(1_203).allMatch(line -> line.chars().allMatch(c -> c < 0x7f));
    ExportCheck.Result.Intact intact = (ExportCheck.Result.Intact) check(lines);
    assertThat(intact.links()).isEqualTo(1_201);
    assertThat(intact.unchecked()).isZero();
    assertThat(intact.head()).isEqualTo(followed(lines));
    AuditAnchor anchor = audit.anchor(database, "org_1").orElseThrow();
    assertThat(check(lines, anchor)).isEqualTo(intact);
    List<String> part = export(database, 500, 700L);
    assertThat(check(part)).isInstanceOf(ExportCheck.Result.Intact.class);
    assertThat(part).hasSize(203);
  }

  /// By the page of the manual, with nothing of ours.
  private static String followed(List<String> lines) throws Exception {
    ObjectMapper json = new ObjectMapper();
    String hash = json.readTree(lines.getFirst()).path("previous_hash").asText();
    for (String line : lines.subList(1, lines.size() - 1)) {
      String covered = line.substring(0, line.lastIndexOf(",\"hash\""));
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((hash + "\n" + covered).getBytes(StandardCharsets.UTF_8));
      hash = Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }
    return hash;
  }

  /// 49
  @EachDatabase
  void audit_edit_insert_cut_found_at_entry(Database database) throws IOException {
    append(database, 8);
    List<String> good = export(database, 1, null);
    assertBrokenAt(good, 4, lines -> lines.set(4, lines.get(4).replace("key_3", "key_9")));
    assertBrokenAt(good, 4, lines -> lines.remove(4));
    assertBrokenAt(good, 5, lines -> lines.add(4, lines.get(4)));
    assertBrokenAt(good, 4, lines -> Collections.swap(lines, 4, 5));
    assertBrokenAt(good, 1, lines -> lines.remove(1));
    assertBrokenAt(good, 9, lines -> lines.remove(9));
    assertBrokenAt(good, 10, lines -> lines.remove(10));
    assertBrokenAt(good, 4, lines -> lines.set(4, lines.get(4).replace("{\"v\":4", "{\"v\":2")));
    assertBrokenAt(good, 4, lines -> lines.set(4, "{}"));
    assertBrokenAt(good, 4, lines -> lines.set(4, "x"));
    for (int at = 0; at < good.size(); at++) {
      String line = good.get(at);
      for (int i = 0; i < line.length(); i += 7) {
        List<String> changed = new ArrayList<>(good);
        changed.set(at, line.substring(0, i) + (char) (line.charAt(i) ^ 1) + line.substring(i + 1));
        boolean means = at > 0 || i < line.indexOf("\"exported_at\"");
        if (means) {
          assertThat(check(changed)).as(changed.get(at)).isInstanceOf(BROKEN);
        }
      }
    }
    assertThat(check(List.of())).isInstanceOf(BROKEN);
  }

  private static final Class<ExportCheck.Result.Broken> BROKEN = ExportCheck.Result.Broken.class;

  private interface Tampering {
    void with(List<String> lines);
  }

  private static void assertBrokenAt(List<String> good, long seq, Tampering tampering)
      throws IOException {
    List<String> lines = new ArrayList<>(good);
    tampering.with(lines);
    assertThat(check(lines))
        .isInstanceOfSatisfying(BROKEN, broken -> assertThat(broken.seq()).isEqualTo(seq));
  }

  @EachDatabase
  void who_writes_the_database_can_follow_the_rule_but_not_seal(Database database) {
    append(database, 5);
    database.write(handle -> {
      handle.execute("UPDATE audit_entry SET subject = 'key_innocent' WHERE seq = 3");
      String before = "";
      for (AuditEntry entry : AuditStore.after(handle, "org_1", 0, 5, 10)) {
        before = EntryText.hash(before, EntryText.of(entry));
        handle.execute("UPDATE audit_entry SET hash = ? WHERE seq = ?", before, entry.seq());
      }
      return handle.execute("UPDATE audit_head SET hash = ?", before);
    });
    assertThat(audit.verify(database, "org_1"))
        .isEqualTo(new AuditLog.Walk.Broken(3, "link 3 was not sealed by this gate"));
  }

  /// 50
  @EachDatabase
  void audit_tail_cut_and_lost_chain_found_by_anchor(Database database) throws IOException {
    append(database, 5);
    AuditAnchor anchor = audit.anchor(database, "org_1").orElseThrow();
    List<String> exported = export(database, 1, null);
    database.write(handle -> {
      handle.execute("DELETE FROM audit_entry WHERE seq > 3");
      return handle.execute(
          "UPDATE audit_head SET seq = 3, hash = (SELECT hash FROM audit_entry WHERE seq = 3)");
    });
    assertThat(audit.verify(database, "org_1")).isEqualTo(new AuditLog.Walk.Intact(3));
    assertThat(audit.verify(database, "org_1", List.of(anchor)))
        .isInstanceOf(AuditLog.Walk.Broken.class);
    // Written on after the cut: as long as before, with another link in its place.
    append(database, 2);
    assertThat(audit.verify(database, "org_1")).isEqualTo(new AuditLog.Walk.Intact(5));
    assertThat(audit.verify(database, "org_1", List.of(anchor)))
        .isEqualTo(new AuditLog.Walk.Broken(5, "link 5 is another than the one that was anchored"));
    assertThat(check(export(database, 1, null), anchor))
        .isInstanceOfSatisfying(BROKEN, broken -> assertThat(broken.seq()).isEqualTo(5));
    assertThat(check(exported, anchor)).isInstanceOf(ExportCheck.Result.Intact.class);
    database.write(handle -> {
      handle.execute("DELETE FROM audit_entry");
      return handle.execute("DELETE FROM audit_head");
    });
    assertThat(audit.verify(database, "org_1", List.of(anchor)))
        .isInstanceOf(AuditLog.Walk.Broken.class);
  }

  @EachDatabase
  void an_anchor_of_another_key_or_changed_is_none(Database database) throws IOException {
    append(database, 3);
    AuditAnchor good = audit.anchor(database, "org_1").orElseThrow();
    AuditLog other = new AuditLog(dev.gatewright.secret.MasterKey.random(), Time.system());
    AuditAnchor foreign = other.anchor(database, "org_1").orElseThrow();
    AuditAnchor moved =
        new AuditAnchor("org_1", 2L, good.hash(), good.at(), good.publicKey(), good.signature());
    AuditAnchor former = new AuditAnchor("org_1", 3L, good.hash(), good.at(), null, "AAAA");
    for (AuditAnchor wrong : List.of(foreign, moved, former)) {
      assertThat(audit.verify(database, "org_1", List.of(wrong)))
          .isInstanceOf(AuditLog.Walk.Broken.class);
    }
    assertThat(audit.verify(database, "org_1", List.of(good)))
        .isEqualTo(new AuditLog.Walk.Intact(3));
    assertThat(check(export(database, 1, null), foreign))
        .isInstanceOfSatisfying(
            BROKEN, broken -> assertThat(broken.reason()).contains("another key"));
  }

  @EachDatabase
  void anchors_and_links_of_the_former_forms_stay_good(Database database) throws IOException {
    ChainHash hashes = new ChainHash(TestKeys.master());
    String hash =
        database.write(handle -> {
          String before = "";
          for (int i = 0; i < 3; i++) {
            AuditStore.Head head = AuditStore.take(handle, "org_1");
            AuditEntry old =
                new AuditEntry(
                    ONE, head.seq(), 1_700_000_000_000L, WHO, "a", "b", "{}", 2, "", "", "");
            before = hashes.link(head.hash(), old);
            AuditStore.append(handle, old, before, "");
          }
          return before;
        });
    String at = "2026-01-01T00:00:00Z";
    AuditAnchor former =
        new AuditAnchor("org_1", 3L, hash, at, null, hashes.formerAnchor("org_1", 3, hash, at));
    append(database, 2);
    assertThat(audit.verify(database, "org_1", List.of(former)))
        .isEqualTo(new AuditLog.Walk.Intact(5));
    ExportCheck.Result.Intact intact =
        (ExportCheck.Result.Intact) check(export(database, 1, null), former);
    assertThat(intact.unchecked()).isEqualTo(3);
    assertThat(intact.links()).isEqualTo(6);
  }

  @EachDatabase
  void links_from_before_sessions_were_recorded_stay_good_and_say_none(Database database)
      throws IOException {
    ChainHash hashes = new ChainHash(TestKeys.master());
    Actor elsewhere = new Actor(WHO.kind(), WHO.id(), "", "", "ses_1", "curl");
    database.write(handle -> {
      AuditStore.Head head = AuditStore.take(handle, "org_1");
      AuditEntry old =
          new AuditEntry(
              ONE, head.seq(), 1_700_000_000_000L, elsewhere, "a", "b", "{}", 3, "ok", "", "");
      String hash = hashes.link(head.hash(), old);
      AuditStore.append(handle, old, hash, hashes.seal(old, hash));
      return hash;
    });
    append(database, 2);
    assertThat(audit.verify(database, "org_1")).isEqualTo(new AuditLog.Walk.Intact(3));
    AuditEntry first =
        database.read(handle -> AuditStore.after(handle, "org_1", 0, 1, 1)).getFirst();
    assertThat(first.actor().via() + first.actor().agent() + first.outcome()).isEmpty();
    assertThat(check(export(database, 1, null)))
        .isInstanceOfSatisfying(
            ExportCheck.Result.Intact.class, good -> assertThat(good.unchecked()).isZero());
  }

  /// 51
  @EachDatabase
  void audit_verify_during_appends_never_false(Database database) throws IOException {
    append(database, 300);
    CompletableFuture<Void> growing = CompletableFuture.runAsync(() -> append(database, 150));
    do {
      AuditAnchor anchor = audit.anchor(database, "org_1").orElseThrow();
      assertThat(audit.verify(database, "org_1", List.of(anchor)))
          .isInstanceOf(AuditLog.Walk.Intact.class);
      assertThat(check(export(database, 1, null), anchor))
          .isInstanceOf(ExportCheck.Result.Intact.class);
    } while (!growing.isDone());
    growing.join();
  }

  /// 52
  @EachDatabase
  void export_with_invented_cursor_is_audited(Database database) {
    append(database, 2);
    for (long from : List.of(1L, 2L, 50L, (long) Integer.MAX_VALUE)) {
      audit.export(database, ONE, WHO, from, null);
    }
    assertThat(audit.export(database, ONE, WHO, 9, 4L)).isInstanceOf(AuditLog.Export.Beyond.class);
    assertThat(audit.list(database, "org_1", AuditFilter.all()))
        .filteredOn(entry -> entry.action().equals("audit.export"))
        .hasSize(5)
        .extracting(AuditEntry::detail)
        .contains("{\"from\":50,\"to\":null}");
  }

  @Test
  void a_signature_is_the_one_of_the_standard() {
    // RFC 8032, 7.1, test 1.
    byte[] seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    AnchorKey key = new AnchorKey(_ -> new javax.crypto.spec.SecretKeySpec(seed, "HmacSHA256"));
    String publicKey = base64("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    String signature =
        base64(
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    assertThat(key.publicKey()).isEqualTo(publicKey);
    assertThat(key.sign("")).isEqualTo(signature);
    assertThat(AnchorKey.verifies(publicKey, "", signature)).isTrue();
    assertThat(AnchorKey.verifies(publicKey, "x", signature)).isFalse();
    assertThat(AnchorKey.verifies("AAAA", "", signature)).isFalse();
    assertThat(AnchorKey.verifies("*", "", signature)).isFalse();
    assertThat(AnchorKey.verifies(publicKey, "", "AAAA")).isFalse();
  }

  private static byte[] hex(String text) {
    return java.util.HexFormat.of().parseHex(text);
  }

  private static String base64(String hex) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hex(hex));
  }
}
