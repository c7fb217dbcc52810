// The catalogue and the carts of shop.pulse. Carts are in memory, so one instance serves all calls.
package main

import (
	"fmt"
	"math"

	"pintle"
)

const (
	mostCarts  = 1000
	mostPieces = 1_000_000
)

type Product struct {
	ProductId   string  `json:"productId"`
	Name        string  `json:"name"`
	Description string  `json:"description"`
	Price       float64 `json:"price"`
	Stock       int64   `json:"stock"`
	ImageUrl    string  `json:"imageUrl,omitempty"`
}

type CartItem struct {
	ProductId string  `json:"productId"`
	Quantity  int64   `json:"quantity"`
	Price     float64 `json:"price"`
}

type Cart struct {
	CartId   string     `json:"cartId"`
	Items    []CartItem `json:"items"`
	Subtotal float64    `json:"subtotal"`
}

type AddToCartRequest struct {
	CartId    *string `json:"cartId"`
	ProductId string  `json:"productId"`
	Quantity  int64   `json:"quantity"`
}

var products = []Product{
	{"mouse", "Mouse", "Three buttons, no wire", 29.99, 50, ""},
	{"keyboard", "Keyboard", "Clicks when you type", 89.5, 25, "https://shop.example/keyboard.jpg"},
	{"desk", `Desk "Élan"`, "Stands up with you", 1299.95, 2, ""},
}

var carts = map[string]*Cart{}

func init() {
	pintle.Handle("CatalogService.listProducts", listProducts)
	pintle.Handle("CatalogService.getProduct", getProduct)
	pintle.Handle("CartService.addToCart", addToCart)
}

func main() {}

func listProducts() ([]Product, error) { return products, nil }

func getProduct(id string) (*Product, error) {
	for at := range products {
		if products[at].ProductId == id {
			return &products[at], nil
		}
	}
	return nil, nil
}

func addToCart(request AddToCartRequest) (*Cart, error) {
	if request.Quantity < 1 {
		return nil, pintle.Fail(-32602, "quantity must be at least 1")
	}
	product, _ := getProduct(request.ProductId)
	if product == nil {
		return nil, pintle.Fail(-32602, "there is no product %s", request.ProductId)
	}
	cart := &Cart{CartId: fmt.Sprintf("cart_%d", len(carts)+1)}
	if request.CartId != nil {
		if cart = carts[*request.CartId]; cart == nil {
			return nil, pintle.Fail(1001, "Cart not found")
		}
	}
	at := 0
	for at < len(cart.Items) && cart.Items[at].ProductId != product.ProductId {
		at++
	}
	had := int64(0)
	if at < len(cart.Items) {
		had = cart.Items[at].Quantity
	}
	if request.Quantity > mostPieces-had {
		return nil, pintle.Fail(-32602, "quantity must be at most %d", mostPieces)
	}
	if carts[cart.CartId] == nil && len(carts) == mostCarts {
		return nil, pintle.Fail(507, "no room for another cart")
	}

	// Nothing can be refused any more, so a refused request leaves no cart behind.
	carts[cart.CartId] = cart
	if at == len(cart.Items) {
		cart.Items = append(cart.Items, CartItem{product.ProductId, 0, product.Price})
	}
	cart.Items[at].Quantity = had + request.Quantity
	cents := int64(0) // sums of floats drift
	for _, item := range cart.Items {
		cents += int64(math.Round(item.Price*100)) * item.Quantity
	}
	cart.Subtotal = float64(cents) / 100
	return cart, nil
}
