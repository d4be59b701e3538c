package dev.gatewright.service.body;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is reserved for a request follows from what it asks for, however it is written.
class BodyAsksTest {
  private static BodyAsks of(BodyFields fields, String json) {
    JsonPeek.Said said =
        JsonPeek.at(fields, null, Unpooled.copiedBuffer(json.replace('\'', '"'), UTF_8));
    assertThat(said.refusal()).isNull();
    return said.asks();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | -1",
        "{'max_tokens':null} | -1",
        "{'max_tokens':0} | 0",
        "{'max_tokens':7} | 7",
        "{'max_tokens':7.2} | 8",
        "{'max_tokens':1e3} | 1000",
        "{'max_tokens':'50'} | 50",
        "{'max_tokens':5,'max_completion_tokens':90} | 90",
        "{'n_predict':-1} | -1",
        "{'max_tokens':1e999999999} | 1000000000",
        "{'max_tokens':1e-999999999} | 1",
        "{'max_tokens':'all'} | 1000000000",
        "{'max_tokens':true} | 1000000000"
      })
  void cap_isReadHoweverItIsWritten(String json, long cap) {
    assertThat(of(BodyFields.OPENAI, json).outputTokens()).isEqualTo(cap);
  }

  @Test
  void pictures_andChoices_andCharactersAreCounted() {
    assertThat(of(BodyFields.A1111, "{'batch_size':2,'n_iter':3}").images()).isEqualTo(6);
    assertThat(of(BodyFields.A1111, "{'batch_size':0}").images()).isOne();
    assertThat(of(BodyFields.PICTURES, "{'n':4}").images()).isEqualTo(4);
    assertThat(of(BodyFields.OPENAI, "{'n':3,'best_of':5}").choices()).isEqualTo(5);
    assertThat(of(BodyFields.SPEECH, "{'input':'Gr\\u00fc\\u00dfe'}").characters()).isEqualTo(5);
  }
}
