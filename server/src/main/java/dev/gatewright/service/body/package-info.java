/// What a call's JSON body asks of a backend, held against the key's rules and the service's
/// bounds.
@NullMarked
package dev.gatewright.service.body;

import org.jspecify.annotations.NullMarked;
