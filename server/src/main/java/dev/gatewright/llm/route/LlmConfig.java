package dev.gatewright.llm.route;

import dev.gatewright.config.Settings;
import dev.gatewright.llm.provider.ProvidersConfig;

/// Everything the configuration says of providers and models.
public record LlmConfig(ProvidersConfig providers, ModelsConfig models) {
  /// @param root the whole configuration
  /// @throws Settings.InvalidSetting when it does not fit
  public static LlmConfig from(Settings root) {
    ProvidersConfig providers = ProvidersConfig.from(root);
    return new LlmConfig(providers, ModelsConfig.from(root, providers));
  }
}
