/// Services as the configuration writes them.
@NullMarked
package dev.gatewright.service.config;

import org.jspecify.annotations.NullMarked;
