package dev.gatewright.web;

import io.javalin.config.RoutesConfig;
import java.util.function.Consumer;

/// A REST resource to serve.
///
/// @param openapi the fragment that describes it: `openapi/<name>.yaml`
/// @param routes adds its routes
public record ApiMount(String openapi, Consumer<RoutesConfig> routes) {}
