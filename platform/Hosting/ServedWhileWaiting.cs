using Microsoft.AspNetCore.Routing;

namespace Outdial.Platform;

/// <summary>
/// Routes of a service that are served also while the process waits for its databases. Their handlers get the service's own objects, of which
/// none is started yet: they must do without database and bus.
/// </summary>
public sealed record ServedWhileWaiting(Action<IEndpointRouteBuilder> Map);
