package dev.gatewright.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/// A gate whose calls pass four layers of rules (organization, project, member, key) and go out
/// with a credential that the organization has stored.
final class Layers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final GateUnderLoad gate;

  private Layers(GateUnderLoad gate) {
    this.gate = gate;
  }

  /// @param gate a fresh one
  /// @return the key of a call as it is measured
  static String on(GateUnderLoad gate) throws IOException, InterruptedException {
    return new Layers(gate).build();
  }

  private String build() throws IOException, InterruptedException {
    String link = admin("POST", "/api/auth/setup/link", "").path("link").asText();
    send(
        "POST",
        "/api/auth/setup",
        """
        {"token":"%s","email":"owner@example.com","organization":"First"}
        """
            .formatted(link.substring(link.indexOf('#') + 1)),
        false);
    JsonNode owner = admin("GET", "/api/team/members", "").path("data").path(0);
    String person = owner.path("person_id").asText();
    JsonNode key =
        admin(
            "POST",
            "/api/keys",
            """
            {"name":"bench","owner":"%s","rules":[
              {"effect":"allow","type":"models","values":["gpt-4o-mini"]},
              {"effect":"allow","type":"ip","values":["127.0.0.0/8"]}]}
            """
                .formatted(person));
    String project = key.path("project_id").asText();
    rule("organization", key.path("organization_id").asText(), "allow", "providers", "mock");
    rule("project", project, "allow", "models", "gpt-4*");
    rule("member", person, "deny", "models", "o1-*");
    admin(
        "POST",
        "/api/credentials",
        """
        {"name":"bench","kind":"provider","provider":"mock","secret":"sk-bench-0123456789"}
        """);
    JsonNode explained =
        admin(
            "POST",
            "/api/policy/explain",
            "{\"key_id\":\"%s\",\"model\":\"gpt-4o-mini\"}".formatted(key.path("id").asText()));
    if (!explained.at("/credential/rung").asText().equals("organization")) {
      throw new IOException("not what is to be measured: " + explained);
    }
    return key.path("key").asText();
  }

  private void rule(String on, String id, String effect, String type, String value)
      throws IOException, InterruptedException {
    admin(
        "POST",
        "/api/policy/rules",
        """
        {"on":"%s","id":"%s","effect":"%s","type":"%s","values":["%s"]}
        """
            .formatted(on, id, effect, type, value));
  }

  private JsonNode admin(String method, String path, String body)
      throws IOException, InterruptedException {
    return send(method, path, body, true);
  }

  private JsonNode send(String method, String path, String body, boolean admin)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gate.url() + path))
            .header("sec-fetch-site", "same-origin")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("content-type", "application/json");
    }
    if (admin) {
      request.header("authorization", "Bearer " + gate.adminKey());
    }
    HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(
          "%s %s: %d %s".formatted(method, path, answer.statusCode(), answer.body()));
    }
    return JSON.readTree(answer.body());
  }
}
