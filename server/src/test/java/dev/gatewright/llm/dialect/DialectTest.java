package dev.gatewright.llm.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.edge.Refusal;
import dev.gatewright.secret.Secret;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialectTest {
  @Test
  void speaks_openais_errors() {
    Refusal refusal = Refusal.modelNotFound("no model `x`");
    assertThat(new String(Dialect.OPENAI.errorBody(refusal, "req_1"), UTF_8))
        .isEqualTo(
            "{\"error\":{\"message\":\"no model `x`\",\"type\":\"invalid_request_error\","
                + "\"param\":\"model\",\"code\":\"model_not_found\"}}");
  }

  @ParameterizedTest
  @CsvSource({
    "400,invalid_request_error",
    "401,authentication_error",
    "402,billing_error",
    "403,permission_error",
    "404,not_found_error",
    "405,invalid_request_error",
    "413,request_too_large",
    "415,invalid_request_error",
    "429,rate_limit_error",
    "500,api_error",
    "502,api_error",
    "503,overloaded_error",
    "504,timeout_error"
  })
  void speaks_anthropics_errors(int status, String type) {
    Refusal refusal = Refusal.of(status, "any", "any", "because");
    String help = refusal.help() == null ? "" : ",\"help\":\"" + refusal.help() + "\"";
    assertThat(refusal.help() != null).isEqualTo(status == 403);
    assertThat(new String(Dialect.ANTHROPIC.errorBody(refusal, "req_1"), UTF_8))
        .isEqualTo(
            "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"because\"%s},\"request_id\":\"req_1\"}"
                .formatted(type, help));
  }

  @Test
  void breaks_a_stream_off_with_an_event_of_its_dialect() {
    Refusal refusal = Refusal.upstream("gone");
    assertThat(event(Dialect.OPENAI, Endpoint.CHAT, refusal))
        .isEqualTo(
            "data: {\"error\":{\"message\":\"gone\",\"type\":\"api_error\",\"param\":null,"
                + "\"code\":\"upstream_error\"}}\n\n");
    assertThat(event(Dialect.OPENAI, Endpoint.RESPONSES, refusal))
        .startsWith(
            "event: error\ndata: {\"type\":\"error\",\"code\":\"upstream_error\",\"message\":\"gone\",\"param\":null")
        .endsWith("\n\n");
    assertThat(event(Dialect.ANTHROPIC, Endpoint.MESSAGES, refusal))
        .isEqualTo(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\","
                + "\"message\":\"gone\"},\"request_id\":\"req_1\"}\n\n");
  }

  @Test
  void carries_a_credential_where_the_dialect_does() {
    HttpHeaders openai = new DefaultHttpHeaders();
    Dialect.OPENAI.credential(openai, Secret.of("sk-1"));
    assertThat(openai.get("authorization")).isEqualTo("Bearer sk-1");
    HttpHeaders anthropic = new DefaultHttpHeaders();
    Dialect.ANTHROPIC.credential(anthropic, Secret.of("sk-2"));
    assertThat(anthropic.get("x-api-key")).isEqualTo("sk-2");
    assertThat(anthropic.contains("authorization")).isFalse();
  }

  private static String event(Dialect dialect, Endpoint endpoint, Refusal refusal) {
    return new String(dialect.errorEvent(endpoint, refusal, "req_1"), UTF_8);
  }
}
