/// WebSockets of services as plans and legs.
@NullMarked
package dev.gatewright.service.socket;

import org.jspecify.annotations.NullMarked;
