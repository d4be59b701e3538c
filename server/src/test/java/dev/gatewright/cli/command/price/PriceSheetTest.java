package dev.gatewright.cli.command.price;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Import: other catalogues, in their own units (×100,000: litellm#23503).
class PriceSheetTest {
  @TempDir private Path folder;

  private PriceSheet sheet(String json) throws IOException {
    Path file = folder.resolve("prices.json");
    Files.writeString(file, json);
    return PriceSheet.read(file);
  }

  private static PriceSheet.Priced of(PriceSheet sheet, String model) {
    return Objects.requireNonNull(sheet.models().get(model));
  }

  private static String usd(Map<String, BigDecimal> meters, String meter) {
    return PriceSheet.usd(Objects.requireNonNull(meters.get(meter)));
  }

  @Test
  void litellm_isUsdAToken_withPricesByLength() throws IOException {
    PriceSheet sheet =
        sheet(
            """
            {"sample_spec": {"litellm_provider": "one of"},
             "gpt-x": {"litellm_provider": "openai", "input_cost_per_token": 2.5e-06,
               "output_cost_per_token": 1e-05, "cache_read_input_token_cost": 1.25e-07,
               "input_cost_per_token_above_200k_tokens": 5e-06, "max_output_tokens": 16384}}\
            """);
    PriceSheet.Priced priced = of(sheet, "openai/gpt-x");
    assertThat(sheet.format()).isEqualTo("litellm");
    assertThat(sheet.models()).hasSize(1);
    assertThat(usd(priced.meters(), "input")).isEqualTo("2.5");
    assertThat(usd(priced.meters(), "cache_read")).isEqualTo("0.125");
    assertThat(usd(Objects.requireNonNull(priced.tiers().get(200_000L)), "input")).isEqualTo("5");
    assertThat(priced.output()).isEqualTo(16_384);
  }

  @Test
  void modelsDevAndGenai_areUsdAMillion_andTieredOnesAreLeftOut() throws IOException {
    PriceSheet dev =
        sheet(
            """
            {"openai": {"models": {
              "a": {"cost": {"input": 2.5, "output": 10}, "limit": {"output": 9, "context": 99}},
              "b": {"cost": {"input": 1, "output": 2, "context_over_200k": {"input": 2}}}}}}\
            """);
    assertThat(dev.models().keySet()).containsExactly("openai/a");
    PriceSheet genai =
        sheet(
            """
            [{"id": "openai", "models": [
              {"id": "a", "prices": [
                {"prices": {"input_mtok": 9}},
                {"constraint": {"start_date": "2026-01-01"},
                 "prices": {"input_mtok": 2.5, "output_mtok": 10}}]},
              {"id": "b", "prices": {"input_mtok": {"base": 1, "tiers": []}}}]}]\
            """);
    assertThat(genai.models().keySet()).containsExactly("openai/a");
    assertThat(usd(of(genai, "openai/a").meters(), "input")).isEqualTo("2.5");
  }
}
