/// Commands about self-hosted services.
@NullMarked
package dev.gatewright.cli.command.service;

import org.jspecify.annotations.NullMarked;
