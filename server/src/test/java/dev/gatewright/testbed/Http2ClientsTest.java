package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.gatewright.cli.GatewrightCommand;
import dev.gatewright.cli.output.Terminal;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The product over TLS and HTTP/2, met by clients that know nothing of it.
class Http2ClientsTest {
  @TempDir static Path folder;
  private static FakeProvider provider;
  private static LocalGate gate;
  private static HttpClient client;
  private static String key;

  @BeforeAll
  static void start() throws Exception {
    TestCertificate.SHARED.write(folder);
    provider = FakeProvider.start();
    GateSetup setup =
        GateSetup.usual(Files.createDirectory(folder.resolve("gate")), provider)
            .settings(
                "listen: { tls: { certificate: %1$s/server.crt, key: %1$s/server.key } }"
                    .formatted(folder));
    gate = LocalGate.start(setup);
    client = HttpClient.newBuilder().sslContext(TestCertificate.SHARED.trusting()).build();
    StringWriter out = new StringWriter();
    Terminal terminal =
        new Terminal(
            new BufferedReader(Reader.nullReader()),
            new PrintWriter(out),
            new PrintWriter(Writer.nullWriter()),
            Map.of("GATEWRIGHT_DATA", setup.data().toString()),
            false);
    assertThat(
            GatewrightCommand.run(
                List.of("keys", "create", "--name", "t", "--quiet"),
                terminal,
                new NoInstallation()))
        .isZero();
    key = out.toString().strip();
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    gate.close();
    provider.close();
  }

  private static HttpRequest chat(String model, boolean stream) {
    String body =
        "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
            .formatted(model, stream);
    return HttpRequest.newBuilder(gate.url().resolve("/v1/chat/completions"))
        .header("authorization", "Bearer " + key)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  @Test
  void many_calls_at_once_on_one_connection() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      answers.add(client.sendAsync(chat("fast", i % 2 == 0), BodyHandlers.ofString()));
    }
    for (CompletableFuture<HttpResponse<String>> each : answers) {
      HttpResponse<String> answer = each.get(30, TimeUnit.SECONDS);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
  }

  @Test
  void a_caller_who_resets_its_stream_ends_the_providers_call_and_no_other() throws Exception {
    provider.reset();
    provider.answer(Answers.endless(Duration.ofMillis(5)));
    try {
      var kept = client.sendAsync(chat("endless", true), BodyHandlers.ofString());
      SeenRequest keptThere = provider.take();
      var left = client.sendAsync(chat("endless", true), BodyHandlers.ofString());
      SeenRequest leftThere = provider.take();
      left.cancel(true);
      leftThere.closed().get(10, TimeUnit.SECONDS);
      assertThat(keptThere.closed()).isNotDone();
      assertThat(kept).isNotDone();
      kept.cancel(true);
      keptThere.closed().get(10, TimeUnit.SECONDS);
    } finally {
      provider.reset();
    }
  }

  @Test
  void refusals_and_the_control_plane_are_there_as_well() throws Exception {
    HttpResponse<String> none =
        client.send(
            HttpRequest.newBuilder(gate.url().resolve("/v1/models")).build(),
            BodyHandlers.ofString());
    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(none.version()).isEqualTo(HttpClient.Version.HTTP_2);
    HttpResponse<String> document =
        client.send(
            HttpRequest.newBuilder(gate.url().resolve("/openapi.json")).build(),
            BodyHandlers.ofString());
    assertThat(document.statusCode()).isEqualTo(200);
    assertThat(document.body()).contains("/api/keys").endsWith("}");
    HttpResponse<String> early =
        client.send(
            HttpRequest.newBuilder(gate.url().resolve("/v1/chat/completions"))
                .POST(BodyPublishers.ofString("x".repeat(5_000_000)))
                .build(),
            BodyHandlers.ofString());
    assertThat(early.statusCode()).isEqualTo(401);
  }

  @Test
  void the_official_sdk_chats_whole_and_streamed() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", TestCertificate.SHARED.certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    OpenAIClient openai =
        OpenAIOkHttpClient.builder()
            .baseUrl(gate.url() + "/v1")
            .apiKey(key)
            .sslSocketFactory(TestCertificate.SHARED.trusting().getSocketFactory())
            .trustManager((X509TrustManager) trust.getTrustManagers()[0])
            .maxRetries(0)
            .timeout(Duration.ofSeconds(30))
            .build();
    ChatCompletionCreateParams params =
        ChatCompletionCreateParams.builder().model("fast").addUserMessage("Hello").build();
    ChatCompletion whole = openai.chat().completions().create(params);
    assertThat(whole.choices()).isNotEmpty();
    try (StreamResponse<ChatCompletionChunk> stream =
        openai.chat().completions().createStreaming(params)) {
      assertThat(stream.stream()).isNotEmpty();
    }
    openai.close();
  }
}
