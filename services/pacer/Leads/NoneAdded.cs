namespace Outdial.Pacer.Leads;

/// <summary>200: none of the leads is new. Of what else is answered so the description tells by itself.</summary>
internal sealed class NoneAdded(AddedLeadsAnswer answer) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => TypedResults.Ok(answer).ExecuteAsync(httpContext);
}
