package dev.gatewright.cli.command.price;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatewright.cli.output.CommandFailed;
import dev.gatewright.cli.output.ExitCode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Somebody else's catalogue of prices, read from a JSON file: LiteLLM's map
/// (`model_prices_and_context_window.json`), models.dev's `api.json`, or genai-prices' `data.json`.
/// What it says and we have no meter for is left out, and the model with it where that would make
/// calls look cheaper.
///
/// @param format whose it is
/// @param models by `provider/model`
record PriceSheet(String format, Map<String, Priced> models) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  /// @param meters USD a million, by leaf meter
  /// @param tiers the same for prompts of more tokens than this
  /// @param context tokens; 0 = not said
  /// @param output tokens; 0 = not said
  record Priced(
      Map<String, BigDecimal> meters,
      Map<Long, Map<String, BigDecimal>> tiers,
      long context,
      long output) {}

  private static final Map<String, String> LITELLM =
      Map.of(
          "input_cost_per_token", "input",
          "output_cost_per_token", "output",
          "cache_read_input_token_cost", "cache_read",
          "cache_creation_input_token_cost", "cache_write_5m",
          "cache_creation_input_token_cost_above_1hr", "cache_write_1h",
          "output_cost_per_reasoning_token", "reasoning",
          "input_cost_per_audio_token", "input_audio",
          "output_cost_per_audio_token", "output_audio",
          "input_cost_per_image_token", "input_image",
          "output_cost_per_image_token", "output_image");

  private static final Pattern ABOVE = Pattern.compile("(.+)_above_(\\d{1,4})k_tokens");

  private static final Map<String, String> MODELS_DEV =
      Map.of(
          "input", "input",
          "output", "output",
          "cache_read", "cache_read",
          "cache_write", "cache_write_5m",
          "reasoning", "reasoning",
          "input_audio", "input_audio",
          "output_audio", "output_audio");

  private static final Map<String, String> GENAI =
      Map.of(
          "input_mtok", "input",
          "output_mtok", "output",
          "cache_read_mtok", "cache_read",
          "cache_write_mtok", "cache_write_5m",
          "input_audio_mtok", "input_audio",
          "output_audio_mtok", "output_audio",
          "cache_audio_read_mtok", "cache_read_audio");

  static PriceSheet read(Path file) {
    JsonNode root;
    try {
      root = JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.USAGE, "%s cannot be read as JSON: %s".formatted(file, e.getMessage()));
    }
    PriceSheet sheet =
        root.isArray()
            ? genai(root)
            : root.findValue("litellm_provider") != null ? litellm(root) : modelsDev(root);
    if (sheet.models.isEmpty()) {
      throw new CommandFailed(
          ExitCode.USAGE,
          "%s holds no prices (expected: LiteLLM's map, models.dev's api.json or genai-prices' data.json)"
              .formatted(file));
    }
    return sheet;
  }

  private static PriceSheet litellm(JsonNode root) {
    Map<String, Priced> models = new TreeMap<>();
    root.properties()
        .forEach(model -> {
          JsonNode each = model.getValue();
          String provider = each.path("litellm_provider").asText("");
          String name = model.getKey();
          if (provider.isEmpty() || name.equals("sample_spec")) {
            return;
          }
          Map<String, BigDecimal> meters = new TreeMap<>();
          Map<Long, Map<String, BigDecimal>> tiers = new TreeMap<>();
          each.properties()
              .forEach(field -> {
                Matcher above = ABOVE.matcher(field.getKey());
                boolean tier = above.matches();
                String meter = LITELLM.get(tier ? above.group(1) : field.getKey());
                if (meter != null && field.getValue().isNumber()) {
                  BigDecimal usd = field.getValue().decimalValue().multiply(MILLION);
                  (tier
                          ? tiers.computeIfAbsent(
                              1_000 * Long.parseLong(above.group(2)), _ -> new TreeMap<>())
                          : meters)
                      .put(meter, usd);
                }
              });
          add(
              models,
              name.startsWith(provider + "/") ? name : provider + "/" + name,
              new Priced(
                  meters,
                  tiers,
                  each.path("max_input_tokens").asLong(0),
                  each.path("max_output_tokens").asLong(0)));
        });
    return new PriceSheet("litellm", models);
  }

  private static PriceSheet modelsDev(JsonNode root) {
    Map<String, Priced> models = new TreeMap<>();
    root.properties()
        .forEach(provider ->
            provider
                .getValue()
                .path("models")
                .properties()
                .forEach(model ->
                    add(
                        models,
                        provider.getKey() + "/" + model.getKey(),
                        new Priced(
                            meters(model.getValue().path("cost"), MODELS_DEV),
                            Map.of(),
                            model.getValue().path("limit").path("context").asLong(0),
                            model.getValue().path("limit").path("output").asLong(0)))));
    return new PriceSheet("models.dev", models);
  }

  private static PriceSheet genai(JsonNode root) {
    Map<String, Priced> models = new TreeMap<>();
    for (JsonNode provider : root) {
      for (JsonNode model : provider.path("models")) {
        JsonNode prices = model.path("prices");
        // Dated prices: the last one that no time of day limits.
        if (prices.isArray()) {
          JsonNode last = prices;
          for (JsonNode each : prices) {
            last = each.path("constraint").has("start_time") ? last : each.path("prices");
          }
          prices = last;
        }
        add(
            models,
            provider.path("id").asText() + "/" + model.path("id").asText(),
            new Priced(meters(prices, GENAI), Map.of(), model.path("context_window").asLong(0), 0));
      }
    }
    return new PriceSheet("genai-prices", models);
  }

  private static Map<String, BigDecimal> meters(JsonNode cost, Map<String, String> names) {
    Map<String, BigDecimal> meters = new TreeMap<>();
    names.forEach((field, meter) -> {
      JsonNode usd = cost.path(field).isObject() ? cost.path(field).path("base") : cost.path(field);
      if (usd.isNumber()) {
        meters.put(meter, usd.decimalValue());
      }
    });
    // Prices by length that we do not read would make long prompts look cheap.
    boolean tiered = cost.has("tiers") || cost.has("context_over_200k");
    for (JsonNode each : cost) {
      tiered |= each.isObject() && each.has("tiers");
    }
    return tiered ? Map.of() : meters;
  }

  private static void add(Map<String, Priced> models, String name, Priced priced) {
    if (priced.meters.containsKey("input")
        && name.matches("[a-z][a-z0-9-]{0,30}/[\\x21-\\x29\\x2b-\\x7e]{1,200}")) {
      models.put(name, priced);
    }
  }

  /// As `POST /api/prices` takes it.
  static String usd(BigDecimal usd) {
    return usd.setScale(9, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString();
  }
}
