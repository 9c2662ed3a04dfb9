using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Outdial.Platform.Storage;

/// <summary>
/// Gives a context its connections. A source named in the context's options would be part of the key under which Entity Framework keeps models
/// and translated queries: a process that opens many databases of one kind would begin with each as if it were the first.
/// </summary>
internal sealed class SourceInterceptor<TDb>(ServiceDatabase<TDb> database) : DbConnectionInterceptor
    where TDb : DbContext
{
    public override InterceptionResult<DbConnection> ConnectionCreating(
        ConnectionCreatingEventData eventData, InterceptionResult<DbConnection> result) =>
        InterceptionResult<DbConnection>.SuppressWithResult(database.Source.CreateConnection());
}
