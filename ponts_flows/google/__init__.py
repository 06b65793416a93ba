"""Google's services, through their real clients. The only package that knows them."""
