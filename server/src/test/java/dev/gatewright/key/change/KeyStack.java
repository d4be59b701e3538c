package dev.gatewright.key.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewright.account.AccountStore;
import dev.gatewright.account.Tenant;
import dev.gatewright.admission.KeyAdmission;
import dev.gatewright.audit.AuditApi;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.store.Database;
import dev.gatewright.web.TestPortal;
import dev.gatewright.web.idempotency.Idempotency;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/// The real portal with keys and their audit, over a real database, asked as an edge would.
public final class KeyStack implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  public final TestKeys test;
  final KeyAdmission admission;
  final TestPortal portal;

  /// The command line's key.
  public final String local;

  public KeyStack(Database database) {
    test = new TestKeys(database);
    admission = new KeyAdmission(test.keys.directory(), test.feed, test.time);
    portal =
        new TestPortal(
            TestPortal.keysOnly(
                admission::admit,
                new Idempotency(database, test.keys.audit(), test.time),
                test.time),
            test.keys.api(test.time).resource(),
            test.keys.migrationApi(test.time).resource(),
            new AuditApi(test.keys.audit(), database).resource());
    local = test.keys.localAdmin().text().expose();
  }

  public Answer call(String key, String method, String path, String body) {
    return call(key, method, path, body, Map.of());
  }

  public Answer call(
      String key, String method, String path, String body, Map<String, String> more) {
    try {
      HttpRequest.Builder request =
          portal
              .request(path)
              .header("authorization", "Bearer " + key)
              .header("content-type", "application/json")
              .method(method, BodyPublishers.ofString(body));
      more.forEach(request::header);
      HttpResponse<String> answer = portal.send(request);
      return new Answer(answer.statusCode(), JSON.readTree(answer.body()), answer);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  public Answer post(String path, String body) {
    return call(local, "POST", path, body);
  }

  public Answer get(String path) {
    return call(local, "GET", path, "");
  }

  /// An admin key of another organization.
  public String otherAdmin() {
    Tenant other = new Tenant("org_other", "prj_other");
    test.database.write(handle -> {
      AccountStore.insertOrganization(handle, other.organizationId(), "Other", false, 1);
      AccountStore.insertProject(handle, other, "Other", 1);
      return 0;
    });
    NewKey wanted = new NewKey(other, ApiKey.Kind.ADMIN, "other", 0, null, List.of());
    return test.make(wanted).text().expose();
  }

  @Override
  public void close() {
    portal.close();
    admission.close();
    test.close();
  }

  /// What came back.
  public record Answer(int status, JsonNode body, HttpResponse<String> raw) {
    public String text(String pointer) {
      return body.at(pointer).asText();
    }
  }
}
