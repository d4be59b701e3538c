package dev.gatewright.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.Credentials;
import dev.gatewright.account.AccountStore;
import dev.gatewright.account.Tenant;
import dev.gatewright.credential.CredentialDirectory.Found;
import dev.gatewright.credential.ProjectCredentials.Place;
import dev.gatewright.key.TestKeys;
import dev.gatewright.secret.Secret;
import dev.gatewright.secret.keyring.Keyring;
import dev.gatewright.secret.keyring.Opened;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What memory knows of stored credentials, on both databases.
class CredentialDirectoryTest {
  private static final Place ACME = new Place(CredentialKind.PROVIDER, "acme");
  private static final String ORIGIN = "https://api.acme.test";

  private static Credential store(
      TestKeys keys, Keyring keyring, Tenant tenant, boolean ofProject, String secret) {
    String project = ofProject ? tenant.projectId() : null;
    String organization = tenant.organizationId();
    String id = "cred_" + organization + (ofProject ? "_p" : "_o");
    Credential made =
        new Credential(
            id,
            organization,
            project,
            "n",
            CredentialKind.PROVIDER,
            "acme",
            ORIGIN,
            keyring.seal(
                organization,
                Credential.PURPOSE,
                Credential.context(ORIGIN, organization, project, id),
                Secret.of(secret)),
            "",
            "f",
            "",
            "local",
            1,
            1,
            1);
    keys.database.write(handle -> {
      CredentialStore.insert(handle, made);
      return keys.feed.append(handle, CredentialDirectory.CHANGE_KIND, organization, id);
    });
    return made;
  }

  private static ProjectCredentials view(CredentialDirectory directory, Tenant tenant) {
    return ((Found.View) directory.get(tenant)).credentials();
  }

  private static @Nullable String open(CredentialDirectory directory, @Nullable Credential stored) {
    return stored != null && directory.openHeld(stored) instanceof Opened.Value(Secret secret)
        ? secret.expose()
        : null;
  }

  private static Tenant other(TestKeys keys) {
    Tenant other = new Tenant("org_other", "prj_other");
    keys.database.write(handle -> {
      AccountStore.insertOrganization(handle, other.organizationId(), "Other", false, 1);
      AccountStore.insertProject(handle, other, "Other", 1);
      return 0;
    });
    return other;
  }

  @EachDatabase
  void a_project_sees_its_own_its_organizations_and_nobody_elses(Database database) {
    try (TestKeys keys = new TestKeys(database)) {
      Credentials credentials = TestCredentials.over(keys);
      Keyring keyring = TestCredentials.keyring(keys);
      Tenant other = other(keys);
      store(keys, keyring, keys.owner(), true, "of-project");
      store(keys, keyring, keys.owner(), false, "of-organization");
      store(keys, keyring, other, false, "of-others");
      ProjectCredentials mine = view(credentials.directory(), keys.owner());
      assertThat(open(credentials.directory(), mine.own().get(ACME))).isEqualTo("of-project");
      assertThat(open(credentials.directory(), mine.shared().get(ACME)))
          .isEqualTo("of-organization");
      assertThat(mine.platform()).isTrue();
      assertThat(mine.mode()).isEqualTo(PaymentMode.HYBRID);
      ProjectCredentials theirs = view(credentials.directory(), other);
      assertThat(open(credentials.directory(), theirs.shared().get(ACME))).isEqualTo("of-others");
      assertThat(theirs.own()).isEmpty();
      assertThat(theirs.platform()).isFalse();
      // A project of another organization, by name only.
      Tenant mixed = new Tenant(other.organizationId(), keys.owner().projectId());
      assertThat(view(credentials.directory(), mixed).platform()).isFalse();
      assertThat(view(credentials.directory(), mixed).shared()).isEmpty();
    }
  }

  @EachDatabase
  void what_changes_is_read_anew(Database database) {
    try (TestKeys keys = new TestKeys(database)) {
      CredentialDirectory directory = TestCredentials.over(keys).directory();
      Keyring keyring = TestCredentials.keyring(keys);
      assertThat(view(directory, keys.owner()).shared()).isEmpty();
      Credential made = store(keys, keyring, keys.owner(), false, "first");
      assertThat(open(directory, view(directory, keys.owner()).shared().get(ACME)))
          .isEqualTo("first");
      String organization = keys.owner().organizationId();
      database.write(handle -> {
        CredentialStore.delete(handle, organization, made.id());
        return keys.feed.append(handle, CredentialDirectory.CHANGE_KIND, organization, made.id());
      });
      assertThat(view(directory, keys.owner()).shared()).isEmpty();
      database.write(handle -> {
        handle.execute("UPDATE project SET mode = 'api-keys'");
        return keys.feed.append(handle, "project", organization, keys.owner().projectId());
      });
      assertThat(view(directory, keys.owner()).mode()).isEqualTo(PaymentMode.API_KEYS);
      database.write(handle -> {
        handle.execute("UPDATE organization SET platform_credentials = 0");
        return keys.feed.append(handle, "organization", organization, organization);
      });
      assertThat(view(directory, keys.owner()).platform()).isFalse();
    }
  }

  @EachDatabase
  void what_was_moved_or_changed_in_the_database_opens_nowhere(Database database) {
    try (TestKeys keys = new TestKeys(database)) {
      Keyring keyring = TestCredentials.keyring(keys);
      Tenant other = other(keys);
      Credential mine = store(keys, keyring, keys.owner(), false, "mine");
      Credential theirs = store(keys, keyring, other, false, "theirs");
      List<String> spoils =
          List.of(
              "UPDATE credential SET origin = 'https://evil.test'",
              "UPDATE credential SET origin = 'http://api.acme.test'",
              "UPDATE credential SET origin = 'https://api.acme.test:8443'",
              "UPDATE credential SET project_id = 'prj_other'",
              "UPDATE credential SET id = id || 'x'",
              "UPDATE credential SET sealed = substr(sealed, 1, length(sealed) - 1)",
              "UPDATE credential SET sealed = '"
                  + theirs.sealed()
                  + "' WHERE organization_id <> 'org_other'",
              "UPDATE credential SET sealed = '" + mine.sealed() + "'");
      for (String spoil : spoils) {
        String organization = spoil.contains(mine.sealed()) ? "org_other" : mine.organizationId();
        boolean opens =
            database.write(handle -> {
              handle.execute(spoil);
              boolean found =
                  CredentialStore.all(handle, organization).stream()
                      .anyMatch(each ->
                          keyring.open(
                                  each.organizationId(),
                                  Credential.PURPOSE,
                                  each.context(),
                                  each.sealed())
                              instanceof Opened.Value);
              handle.execute("DELETE FROM credential");
              CredentialStore.insert(handle, mine);
              CredentialStore.insert(handle, theirs);
              return found;
            });
        assertThat(opens).as(spoil).isFalse();
      }
    }
  }

  @EachDatabase
  void many_calls_wait_for_one_reading(Database database) {
    try (TestKeys keys = new TestKeys(database)) {
      CredentialDirectory directory = TestCredentials.over(keys).directory();
      List<Thread> callers =
          java.util.stream.IntStream.range(0, 200)
              .mapToObj(_ -> Thread.ofVirtual().start(() -> view(directory, keys.owner())))
              .toList();
      Await.until(() -> callers.stream().noneMatch(Thread::isAlive));
      assertThat(Objects.requireNonNull(view(directory, keys.owner())).platform()).isTrue();
    }
  }
}
