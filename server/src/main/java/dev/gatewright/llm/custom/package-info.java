/// Providers and names of models that an organization has defined for itself.
@NullMarked
package dev.gatewright.llm.custom;

import org.jspecify.annotations.NullMarked;
