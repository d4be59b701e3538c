// Starts Swagger UI on the document of this very gate. The key typed under "Authorize" stays in the page.
"use strict";

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  displayRequestDuration: true,
  // Beyond some 130 operations Swagger UI gets stuck drawing them all at once.
  docExpansion: "none",
  filter: true,
  persistAuthorization: false,
  showExtensions: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
